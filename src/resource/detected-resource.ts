/** An attribute, or a promise of one, under its key. */
export type RawAttribute = readonly [key: string, value: unknown];

/**
 * A resource some of whose attributes may still be found out. Structurally what is read of the `Resource` of the
 * OpenTelemetry SDK. One thread's own.
 */
export class DetectedResource {
  readonly schemaUrl: string | undefined;
  /** Of equal keys the first that has a value counts. */
  readonly #raw: RawAttribute[];
  readonly #pending: Promise<unknown> | undefined;
  #isPending: boolean;

  /**
   * @param layers The strongest first.
   * @param options.onFailure Told of a promise that was rejected; its attribute is left out.
   */
  constructor(
    layers: readonly Readonly<Record<string, unknown>>[],
    options: {
      readonly schemaUrl?: string | undefined;
      readonly onFailure: (key: string, error: unknown) => void;
    },
  ) {
    this.schemaUrl = options.schemaUrl;
    this.#raw = layers.flatMap((layer) => Object.entries(layer).filter(([, value]) => value !== undefined));
    const waits = this.#raw.flatMap(([key, value], index) =>
      isPromise(value) ? [this.#settle(index, { key, value, ...options })] : [],
    );
    this.#isPending = waits.length > 0;
    this.#pending = this.#isPending ? this.#settleAll(waits) : undefined;
  }

  /** True until everything is found out that was asked for. */
  get asyncAttributesPending(): boolean {
    return this.#isPending;
  }

  /** What is known by now. */
  get attributes(): Readonly<Record<string, unknown>> {
    const known = new Map<string, unknown>();
    for (const [key, value] of this.#raw) {
      if (value !== undefined && !isPromise(value) && !known.has(key)) known.set(key, value);
    }
    return Object.fromEntries(known);
  }

  /** Resolves when all is known that ever will be. Never rejects. */
  async waitForAsyncAttributes(): Promise<void> {
    await this.#pending;
  }

  /** The attributes with their promises, the strongest first. */
  getRawAttributes(): readonly RawAttribute[] {
    return this.#raw;
  }

  async #settle(
    index: number,
    attribute: {
      readonly key: string;
      readonly value: PromiseLike<unknown>;
      readonly onFailure: (key: string, error: unknown) => void;
    },
  ): Promise<void> {
    const { key, value, onFailure } = attribute;
    try {
      this.#raw[index] = [key, await value];
    } catch (error) {
      this.#raw[index] = [key, undefined];
      onFailure(key, error);
    }
  }

  async #settleAll(waits: readonly Promise<void>[]): Promise<void> {
    await Promise.all(waits);
    this.#isPending = false;
  }
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
