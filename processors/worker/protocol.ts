import type { TlsSettings } from "../../exporters/tls-settings.ts";
import type { FilterSetup } from "../../src/filters/rules/filter-descriptor.ts";
import type { PersistentQueueSettings } from "../../exporters/persistent/options.ts";
import type { RotatingOptions } from "../../exporters/rotating/options.ts";
import type { LineEncoding } from "../../src/formatters/line-encoding.ts";
import type { HandlerFormatter } from "./formatter-registry.ts";
import type { HeadersModuleDescriptor } from "./headers-module.ts";

/** Where a stream or file handler writes, as data. */
export type ByteExporterDescriptor =
  | { readonly kind: "stream"; readonly descriptor: number }
  | {
      readonly kind: "file";
      readonly path: string;
      readonly truncate: boolean;
      readonly fileMode: number;
      readonly mkdir: boolean;
      readonly reopenWhenMoved: boolean;
    }
  /** Functions in it work only on the thread that made them. */
  | ({ readonly kind: "rotating" } & RotatingOptions);

/** In place of a formatter: batches as lines of OTLP JSON. */
export interface OtlpLinesDescriptor {
  readonly kind: "otlp-lines";
  readonly lineBytesMax: number;
  readonly includeTemplate: boolean;
}

/** What a handler's thread that writes synchronously needs to know. */
export interface BlockingDescriptor {
  readonly kind: "blocking";
  readonly exporter: ByteExporterDescriptor;
  /** `otlp-lines` has its own terminator and encoding. */
  readonly formatter: HandlerFormatter | OtlpLinesDescriptor;
  readonly terminator: string;
  readonly encoding: LineEncoding;
  readonly fsync: "never" | "batch" | "error";
}

/** An exporter that is an instance made from a module, in the worker. */
export interface ModuleExporterDescriptor {
  readonly kind: "module";
  /** Absolute URL of the module. */
  readonly module: string;
  readonly options: unknown;
}

/** A proxy, as data. */
export interface ProxyDescriptor {
  /** Scheme, host and port. */
  readonly origin: string;
  /** Value of `Proxy-Authorization`; secret. */
  readonly authorization: string | undefined;
}

/** The OTLP over HTTP exporter, as data. */
export interface OtlpHttpDescriptor {
  readonly kind: "otlp-http";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly protocol: "http/protobuf" | "http/json";
  readonly compression: "none" | "gzip" | "zstd";
  readonly timeoutMillis: number;
  readonly tls: TlsSettings;
  readonly proxy: ProxyDescriptor | undefined;
  readonly headersModule: HeadersModuleDescriptor | undefined;
  /** `timeoutMillis` bounds the batch with its retries too. */
  readonly isTimeoutForBatch: boolean;
  readonly retryTimeoutMillis: number;
  readonly maxRequestBytes: number;
  readonly maxConcurrentRequests: number;
  readonly persistentQueue: PersistentQueueSettings | undefined;
}

/** The OTLP over gRPC exporter, as data. */
export interface OtlpGrpcDescriptor {
  readonly kind: "otlp-grpc";
  readonly url: string;
  readonly insecure: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: TlsSettings;
  readonly proxy: ProxyDescriptor | undefined;
  readonly headersModule: HeadersModuleDescriptor | undefined;
  readonly compression: "none" | "gzip";
  readonly timeoutMillis: number;
  /** `timeoutMillis` bounds the batch with its retries too. */
  readonly isTimeoutForBatch: boolean;
  readonly retryTimeoutMillis: number;
  readonly maxRequestBytes: number;
  readonly maxConcurrentRequests: number;
  readonly persistentQueue: PersistentQueueSettings | undefined;
}

/** What is sent of a record, as data. */
export type RecordMapping =
  | { readonly kind: "default" }
  | { readonly kind: "fields"; readonly fields: readonly string[] }
  | { readonly kind: "formatter"; readonly formatter: HandlerFormatter }
  /** Absolute URL of a module that makes the mapping function. */
  | { readonly kind: "module"; readonly module: string; readonly options: unknown };

/** The exporter of plain HTTP, as data. */
export interface HttpDescriptor {
  readonly kind: "http";
  readonly url: string;
  readonly method: "POST" | "GET";
  readonly format: "json-array" | "ndjson" | "json" | "form";
  /** Undefined: that of the format. */
  readonly contentType: string | undefined;
  readonly mapping: RecordMapping;
  readonly headers: Readonly<Record<string, string>>;
  readonly credentials:
    | { readonly username: string; readonly password: string }
    | { readonly token: string }
    | undefined;
  readonly tls: TlsSettings;
  readonly proxy: ProxyDescriptor | undefined;
  readonly headersModule: HeadersModuleDescriptor | undefined;
  readonly compression: "none" | "gzip" | "zstd";
  readonly timeoutMillis: number;
  readonly retryTimeoutMillis: number;
  readonly maxConcurrentRequests: number;
}

/** The exporter of syslog, as data. */
export interface SyslogDescriptor {
  readonly kind: "syslog";
  readonly address:
    | { readonly transport: "udp" | "tcp"; readonly host: string; readonly port: number }
    | { readonly transport: "tls"; readonly host: string; readonly port: number; readonly tls: TlsSettings }
    | { readonly transport: "unix"; readonly socketPath: string };
  readonly format: "rfc5424" | "rfc3164";
  readonly facility: number;
  readonly hostname: string | undefined;
  readonly appName: string | undefined;
  readonly structuredDataId: string | false;
  readonly bom: boolean;
  readonly framing: "octet-counting" | "newline" | "nul";
  /** What makes the text of messages; undefined for the message as it is. */
  readonly formatter: HandlerFormatter | undefined;
  readonly maxMessageBytes: number;
  readonly timeoutMillis: number;
  readonly retryTimeoutMillis: number;
}

/** The socket exporter, as data. */
export interface SocketDescriptor {
  readonly kind: "socket";
  readonly host: string;
  readonly port: number;
  readonly socketPath: string | undefined;
  readonly tls: TlsSettings | undefined;
  readonly format: "msgpack" | "cbor" | "json";
  readonly frameBytesMax: number;
  readonly includeResource: boolean;
  readonly connectTimeoutMillis: number;
  readonly writeTimeoutMillis: number;
  readonly backoffMillis: number;
  readonly backoffMaxMillis: number;
  readonly backoffResetMillis: number;
  readonly retryTimeoutMillis: number;
  readonly keepAliveMillis: number;
  readonly noDelay: boolean;
}

/** What a handler's thread that waits for a network needs to know. */
export interface NetworkDescriptor {
  readonly kind: "network";
  readonly exporter:
    | OtlpHttpDescriptor
    | OtlpGrpcDescriptor
    | HttpDescriptor
    | SyslogDescriptor
    | SocketDescriptor
    | ModuleExporterDescriptor;
}

/** What travels to a handler's thread when it starts: data only. */
export interface WorkerStart {
  readonly memory: SharedArrayBuffer;
  readonly handlerSlot: number;
  readonly name: string;
  readonly handler: BlockingDescriptor | NetworkDescriptor;
  readonly batch: {
    readonly maxExportBatchSize: number;
    readonly maxExportBatchBytes: number;
    readonly scheduledDelayMillis: number;
    readonly exportTimeoutMillis: number;
  };
  /** The filters that run where the queue is drained. On the thread that made the handler always those of the moment. */
  readonly filters: FilterSetup;
  /** The owner's epoch when this consumer was started; 0 for the first. */
  readonly epoch: number;
  /** True where the owner of that epoch is proven dead, perhaps in the middle of a write. */
  readonly isPredecessorDead: boolean;
}

/** What a consumer needs for its filters, wherever it works. */
export interface FilterInput {
  /** Says what goes wrong, in words; the listener limits the rate. */
  readonly report: (trouble: string) => void;
  /** The next change of the filters that was sent to this thread. Left out where `WorkerStart.filters` is always up to date. */
  readonly receiveFilters?: () => FilterSetup | undefined;
}

/** What the thread that made a handler tells that one's thread; looked for when FILTERS_VERSION has changed. */
export interface FiltersMessage {
  readonly kind: "filters";
  readonly setup: FilterSetup;
}

/** What a handler's thread tells the one that started it. Everything that matters stands in shared memory instead. */
export interface WorkerReport {
  readonly kind: "trouble";
  readonly message: string;
}
