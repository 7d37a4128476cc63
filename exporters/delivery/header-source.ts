import { isHeaderName, isHeaderValue } from "../../src/options/otlp-environment.ts";

/** What a function of the application makes for requests. */
export interface ProvidedHeaders {
  /** By names in any case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Until when they are good, in milliseconds since 1970; for good when left out. */
  readonly expiresAtMillis?: number | undefined;
}

/** Makes headers anew. */
export type ProvideHeaders = () => Promise<unknown>;

/** Headers by lower-case name. */
export type Headers = Readonly<Record<string, string>>;

/**
 * Headers that are made by a function, and kept until they end or the peer refuses them. Many may ask at once: the function runs
 * once at a time.
 */
export class HeaderSource {
  readonly #provide: ProvideHeaders;
  #current: { readonly headers: Headers; readonly expiresAtMillis: number } | undefined;
  #making: Promise<Headers> | undefined;

  /** @param provide Its result is checked: it should be `ProvidedHeaders`. */
  constructor(provide: ProvideHeaders) {
    this.#provide = provide;
  }

  /**
   * The headers to send now.
   *
   * @throws What the function throws.
   * @throws {TypeError} It returned something else. Shows no value.
   */
  async get(): Promise<Headers> {
    if (this.#current !== undefined && Date.now() < this.#current.expiresAtMillis)
      return this.#current.headers;
    this.#making ??= this.#make();
    return this.#making;
  }

  /** Forgets headers that the peer has refused, unless there are newer ones. */
  expire(headers: Headers): void {
    if (this.#current?.headers === headers) this.#current = undefined;
  }

  async #make(): Promise<Headers> {
    try {
      const provided = readProvided(await this.#provide());
      this.#current = provided;
      return provided.headers;
    } finally {
      this.#making = undefined;
    }
  }
}

function readProvided(provided: unknown): { readonly headers: Headers; readonly expiresAtMillis: number } {
  const { headers, expiresAtMillis = Infinity } = (provided ?? {}) as {
    readonly headers?: unknown;
    readonly expiresAtMillis?: unknown;
  };
  if (typeof headers !== "object" || headers === null) {
    throw new TypeError("it must return { headers, expiresAtMillis }, with headers an object of strings");
  }
  if (typeof expiresAtMillis !== "number" || Number.isNaN(expiresAtMillis)) {
    throw new TypeError("the expiresAtMillis that it returns must be milliseconds since 1970");
  }
  return { headers: readHeaders(headers), expiresAtMillis };
}

function readHeaders(headers: object): Headers {
  const entries = Object.entries(headers).map(([name, value]): [string, string] => {
    if (!isHeaderName(name))
      throw new TypeError("a header that it returns has a name that HTTP does not allow");
    if (typeof value === "string" && isHeaderValue(value)) return [name.toLowerCase(), value];
    throw new TypeError(
      `the header "${name}" that it returns must be Latin-1 text without control characters`,
    );
  });
  return Object.fromEntries(entries);
}
