/** Events of the bitrecs platform; fields as in its spec. */
export const bitrecsEvents = {}
