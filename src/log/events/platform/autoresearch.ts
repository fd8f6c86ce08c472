/** Events of the autoresearch platform; fields as in its spec. */
export const autoresearchEvents = {}
