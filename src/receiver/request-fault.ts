/** gRPC codes by HTTP status, as the OpenTelemetry Collector pairs them. */
const rpcCodes: ReadonlyMap<number, number> = new Map([
  [400, 3],
  [401, 16],
  [403, 7],
  [404, 12],
  [405, 12],
  [413, 8],
  [415, 3],
  [429, 8],
  [500, 13],
  [502, 14],
  [503, 14],
  [504, 14],
]);

const UNKNOWN = 2;

/** The gRPC code that goes with an HTTP status: `code` of the `google.rpc.Status` in the body. */
export function rpcCodeOf(status: number): number {
  return rpcCodes.get(status) ?? UNKNOWN;
}

/** Why a request is refused: becomes the answer. */
export class RequestFault extends Error {
  /** HTTP status, 400 to 599. */
  readonly status: number;
  /** Headers that belong to the status, such as `allow`. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    message: string,
    options: ErrorOptions & { readonly status: number; readonly headers?: Readonly<Record<string, string>> },
  ) {
    super(message, options);
    this.status = options.status;
    this.headers = options.headers ?? {};
  }
}
