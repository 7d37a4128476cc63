import type { HttpClientOptions } from "../http-client/client-options.ts";
import type { HttpMethod } from "../http-client/connection.ts";

/** What a request holds: a batch of records, or one. */
export type HttpFormat = "json-array" | "ndjson" | "json" | "form";

/** Where and how records go by plain HTTP. Values are taken as validated: nothing is checked again. */
export interface HttpSenderOptions extends HttpClientOptions {
  /** Final URL, used as it is. `user:password@` becomes Basic credentials. */
  readonly url: string;
  /** GET: the body, which is a form then, is added to the query. */
  readonly method: HttpMethod;
  /** What the bodies are, and so the content type. */
  readonly format: HttpFormat;
  /** In place of the format's content type. */
  readonly contentType?: string | undefined;
  /** Sent with each request. Names that HTTP needs for itself (`content-length`, …) are overruled. */
  readonly headers: Readonly<Record<string, string>>;
  /** Who we are; overruled by an `authorization` among the headers. */
  readonly credentials?:
    | { readonly username: string; readonly password: string }
    | { readonly token: string }
    | undefined;
}
