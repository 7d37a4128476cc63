/** What the metrics need to know of those that are measured: plain numbers, read at collection. */

/** Where a handler's records go, as the semantic conventions name it. */
export interface ExporterComponent {
  /** `otel.component.type`. */
  readonly type: string;
  /** `server.address`: a host, or the path of a socket. */
  readonly address: string | undefined;
  /** `server.port`. */
  readonly port: number | undefined;
}

/** What has become of a handler's records since it was made, and where the others are now. */
export interface HandlerFlow {
  /** Records that the exporter was given. */
  readonly submitted: number;
  /** Records that the exporter has now, but for those on the disk. */
  readonly inFlight: number;
  /** Records that the exporter has in a persistent queue. */
  readonly spooled: number;
  /** Records that the exporter had when the process had to end. Part of `dropped.exit_deadline`. */
  readonly abandoned: number;
  readonly delivered: number;
  /** Records that filters of the handler have left out. */
  readonly filtered: number;
  /** Records in the queue, and those that the exporter has. */
  readonly queued: number;
  readonly dropped: {
    readonly queue_full: number;
    readonly too_large: number;
    readonly already_shutdown: number;
    readonly spool_full: number;
    readonly exit_deadline: number;
  };
  /** By `error.type`: records that were given up or refused. */
  readonly failures: Readonly<Record<string, number>>;
  /** Most records that may wait; undefined where only their bytes are limited. */
  readonly capacity: number | undefined;
  /** What operations of the exporter ended with: how many, and how long they took. */
  readonly operations: readonly OperationCounts[];
}

/** Operations of an exporter that ended alike. */
export interface OperationCounts {
  /** `error.type`; undefined for success. */
  readonly reason: string | undefined;
  readonly operations: number;
  readonly seconds: number;
}

/** The latest operations of an exporter. */
export interface LatestOperations {
  /** Number of the next operation. */
  readonly sequence: number;
  readonly operations: readonly { readonly reason: string | undefined; readonly seconds: number }[];
}

/** A handler, as the metrics see it. */
export interface MeteredHandler {
  readonly name: string;
  readonly exporter: ExporterComponent;
  /** True when its shutdown is over. */
  readonly isEnded: boolean;
  readFlow(): HandlerFlow;
  /** Operations from number `sequence` on, as far as they are known one by one. */
  latestOperations(sequence: number): LatestOperations;
}

/** Handlers that are reported together, and the loggers before them. */
export interface MetricSource {
  /** The same for the same loggers, however often they are added. */
  readonly owner: object;
  /** Records that the loggers were given; undefined where there are none of ours. */
  readonly readCreated?: () => number;
  /** Those of now. */
  readonly readHandlers: () => readonly MeteredHandler[];
}
