/**
 * A result that is JSON text already. The server splices it into the answer as it stands, so that a cached
 * block costs neither a parse nor a stringify. The text must be one complete JSON value.
 */
export class RawJson {
  constructor(readonly text: string) {}
}
