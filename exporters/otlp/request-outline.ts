// An encoded `ExportLogsServiceRequest` as places in its bytes: what splitting it needs, whatever it is encoded in.

/** What stands around the parts of a message: a view of the request's bytes on each side. */
export interface Wrapping {
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

/** A `ScopeLogs` without its records. */
export interface ScopeOutline extends Wrapping {
  readonly resource: Wrapping;
}

/** A record, whole. */
export interface RecordOutline {
  readonly scope: ScopeOutline;
  /** A view of the request's bytes. */
  readonly bytes: Uint8Array;
}

/** The records of a request in their order. Two of one scope have the same `scope`. */
export type RequestOutline = readonly RecordOutline[];

/** How requests are encoded: what finds their records, and puts some of them together to a request again. */
export interface RequestCodec {
  /**
   * Finds the records of a request. Not one byte is changed, and none is copied. Pure.
   *
   * @throws {SyntaxError} It is no request.
   */
  readonly outline: (request: Uint8Array) => RequestOutline;
  /** Makes a request of records in their order, with their scopes and resources. Pure. */
  readonly compose: (records: RequestOutline) => Uint8Array;
  /** Most bytes that a scope or a resource takes in a request beside its wrapping. */
  readonly wrappingBytesMax: number;
}

/** Records that stand together, below what they have in common. */
export interface Run<Parent, Member> {
  readonly parent: Parent;
  readonly members: readonly Member[];
}

/** Neighbours with the same parent, put together. */
export function runsOf<Parent, Member>(
  members: readonly Member[],
  parentOf: (member: Member) => Parent,
): Run<Parent, Member>[] {
  const runs: { readonly parent: Parent; readonly members: Member[] }[] = [];
  for (const member of members) {
    const parent = parentOf(member);
    const last = runs.at(-1);
    if (last !== undefined && last.parent === parent) last.members.push(member);
    else runs.push({ parent, members: [member] });
  }
  return runs;
}
