import { format } from "node:util";

/** Functions that make a value loggable, by the name of its attribute. One that throws leaves a marked text. */
export type FastifySerializers = Readonly<Record<string, (value: never) => unknown>>;

/** A call of pino's kind, read. */
export interface FastifyCall {
  /** The text; undefined where there is none. */
  readonly body?: string;
  readonly attributes: Record<string, unknown>;
  readonly exception?: Error;
}

/**
 * Says what the arguments of a call are. Loses none.
 * @throws What a value throws that is asked for its keys.
 */
export function readCall(values: readonly unknown[], serializers: FastifySerializers): FastifyCall {
  const [first, ...rest] = values;
  if (first instanceof Error) return callOf({ err: first }, rest, serializers);
  if (typeof first !== "object" || first === null) return callOf({}, values, serializers);
  return callOf(first as Record<string, unknown>, rest, serializers);
}

function callOf(
  { err, ...fields }: Record<string, unknown>,
  texts: readonly unknown[],
  serializers: FastifySerializers,
): FastifyCall {
  const isError = err instanceof Error;
  const attributes = serialized(isError || err === undefined ? fields : { ...fields, err }, serializers);
  const body = textOf(texts) ?? (isError ? err.message : undefined);
  return {
    attributes,
    ...(body === undefined ? {} : { body }),
    ...(isError ? { exception: err } : {}),
  };
}

/** A text alone is taken as it is; printf holes are for values that follow it. */
function textOf(texts: readonly unknown[]): string | undefined {
  const [text] = texts;
  if (texts.length === 0 || (texts.length === 1 && text === undefined)) return undefined;
  return texts.length === 1 && typeof text === "string" ? text : format(...texts);
}

/** The attributes, with those that have a serializer as that makes them. */
export function serialized(
  attributes: Readonly<Record<string, unknown>>,
  serializers: FastifySerializers,
): Record<string, unknown> {
  const made: Record<string, unknown> = { ...attributes };
  for (const key of Object.keys(made)) {
    if (!Object.hasOwn(serializers, key)) continue;
    try {
      made[key] = serializers[key]?.(made[key] as never);
    } catch (error) {
      made[key] = `[Throws: ${error instanceof Error ? error.message : typeof error}]`;
    }
  }
  return made;
}
