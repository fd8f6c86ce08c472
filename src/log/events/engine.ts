/** Events derived from the chain and platform logs by a named rule version (design §2). */
export const engineEvents = {}
