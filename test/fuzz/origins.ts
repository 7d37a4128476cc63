/** Random resources and scopes: who a sequence of records is from. */
import type { LoggerOptions } from "@opentelemetry/api";

import type { DecodedResource, DecodedScope } from "../../proto/model.ts";
import { expectedMap } from "./expected.ts";
import type { Random } from "./random.ts";
import { randomMap, randomText, type GivenMap, type Temper } from "./values.ts";

/** A resource as it is given to a provider. */
export interface GivenResource {
  readonly attributes: GivenMap;
  readonly schemaUrl?: string;
}

/** A scope as a logger is asked for. */
export interface GivenScope {
  readonly name: string;
  readonly version: string | undefined;
  readonly options: LoggerOptions & { readonly attributes?: GivenMap };
}

/**
 * Those that the stock SDK takes for scopes and resources: text, boolean, number, and lists of one of them; no more than the limit
 * of records in `stock.test.ts`, which it has for scopes too.
 */
const SIMPLE: readonly GivenMap[] = [
  {},
  { "process.pid": 4711, ratio: 0.25, isBeta: false },
  { "process.command_args": ["node", "app.js"], empty: "", none: [] },
];

/** @param temper `plain`: only values that the stock SDK takes as well. */
export function randomResource(random: Random, temper: Temper): GivenResource {
  const attributes = temper === "plain" ? random.pick(SIMPLE) : randomMap(random, temper, { countMax: 6 });
  return {
    attributes: { ...attributes, "service.name": "shop" },
    ...(random.isChosen(0.5) && { schemaUrl: "https://opentelemetry.io/schemas/1.44.0" }),
  };
}

/** Scopes that differ in their names, and in all else by chance. */
export function randomScopes(random: Random, temper: Temper, count: number): GivenScope[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `scope ${index} ${randomText(random, temper).slice(0, 200)}`,
    version: random.isChosen(0.5) ? `1.${index}.0` : undefined,
    options: {
      ...(random.isChosen(0.5) && { schemaUrl: "https://schema/1" }),
      ...(random.isChosen(0.5) && {
        attributes: temper === "plain" ? random.pick(SIMPLE) : randomMap(random, temper, { countMax: 4 }),
      }),
    },
  }));
}

/** A resource as it has to arrive. */
export function expectedResource({ attributes, schemaUrl = "" }: GivenResource): DecodedResource {
  return { attributes: expectedMap(attributes), droppedAttributesCount: 0, schemaUrl };
}

/** A scope as it has to arrive. */
export function expectedScope({ name, version = "", options }: GivenScope): DecodedScope {
  return {
    name: name.toWellFormed(),
    version,
    attributes: expectedMap(options.attributes ?? {}),
    droppedAttributesCount: 0,
    schemaUrl: options.schemaUrl ?? "",
  };
}
