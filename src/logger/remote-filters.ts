import { reportOnce } from "../diagnostics.ts";
import type { ChainLink } from "../filters/rules/filter-chain.ts";
import { createRule } from "../filters/rules/create-rule.ts";
import type { FilterDescriptor } from "../filters/rules/filter-descriptor.ts";
import type { FemtoFilter } from "../record/filter.ts";
import type { FilterLoader, SharedFilterPort, SharedLoggerFilter } from "./ports.ts";

/** What the filters of other threads are made of. */
interface RemoteFilterParts {
  readonly shared: SharedFilterPort;
  readonly load: FilterLoader;
  readonly report: (trouble: string) => void;
}

interface RemoteLink {
  readonly link: ChainLink;
  readonly logger: string;
  readonly options: unknown;
}

const NONE: readonly ChainLink[] = [];

/**
 * The filters that other threads have added to the loggers of the process, as far as they are data: this thread asks filters of its
 * own that are made the same way. They count for themselves.
 */
export class RemoteFilters {
  readonly #parts: RemoteFilterParts;
  #seen: readonly SharedLoggerFilter[] | undefined;
  #links = new Map<string, RemoteLink>();

  constructor(parts: RemoteFilterParts) {
    this.#parts = parts;
  }

  /** Learns what has changed. Returns the names of loggers whose filters are others now; undefined while nothing is new. */
  learn(): ReadonlySet<string> | undefined {
    const { others } = this.#parts.shared;
    if (others === this.#seen) return undefined;
    this.#seen = others;
    const before = this.#links;
    this.#links = new Map();
    const changed = new Set<string>();
    for (const filter of others) {
      const known = before.get(filter.key);
      const link = this.#linkOf(filter, known);
      if (link !== undefined) this.#links.set(filter.key, link);
      if (link?.link !== known?.link) changed.add(filter.logger);
      before.delete(filter.key);
    }
    for (const { logger } of before.values()) changed.add(logger);
    return changed;
  }

  /** The filters of a logger, in order. */
  of(logger: string): readonly ChainLink[] {
    if (this.#links.size === 0) return NONE;
    return [...this.#links.values()].filter((one) => one.logger === logger).map(({ link }) => link);
  }

  /** Says once where records of this thread pass filters of a logger by. */
  warnOf(logger: string): void {
    const passed = this.#seen?.find((one) => one.logger === logger && one.descriptor === undefined);
    if (passed === undefined) return;
    reportOnce(
      `filter of logger ${logger}`,
      `Logger "${logger}" has a filter that is an object or function of thread ${passed.thread}: records of this thread do not pass it; use a built-in filter or { module, options } for records of all threads`,
    );
  }

  /** Takes away what `of` has told of. False where it is none of those. */
  remove(source: unknown): boolean {
    for (const [key, { link }] of this.#links) {
      if (link.source !== source) continue;
      this.#parts.shared.remove(key);
      return true;
    }
    return false;
  }

  #linkOf({ descriptor, logger }: SharedLoggerFilter, known: RemoteLink | undefined): RemoteLink | undefined {
    if (descriptor === undefined) return undefined;
    const { options } = descriptor;
    if (known !== undefined) {
      known.link.rule?.update(options as never);
      return { ...known, options };
    }
    const link = this.#makeLink(descriptor, logger);
    return link === undefined ? undefined : { link, logger, options };
  }

  #makeLink(descriptor: FilterDescriptor, logger: string): ChainLink | undefined {
    if (descriptor.kind !== "module") {
      const rule = createRule(descriptor.kind, descriptor.options as never);
      const source: FemtoFilter = Object.freeze({ filter: (record) => rule.filter(record) } as FemtoFilter);
      return { source, filter: rule, rule };
    }
    try {
      const source = Object.freeze({ module: descriptor.module, options: descriptor.options });
      return { source, filter: this.#parts.load(descriptor), rule: undefined };
    } catch (error) {
      this.#parts.report(
        `Cannot use filter module ${descriptor.module} of logger "${logger}" on this thread, and records pass: ${String(error)}`,
      );
      return undefined;
    }
  }
}
