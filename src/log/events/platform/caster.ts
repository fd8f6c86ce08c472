/** Events of the caster platform; fields as in its spec. */
export const casterEvents = {}
