/** Asserted events, signed by whoever sent them (design §2). Each subnet system adds its own. */
export const platformEvents = {}
