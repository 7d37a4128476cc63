import { getEnvironmentData, isMainThread, setEnvironmentData } from "node:worker_threads";
import { startThread, type ThreadPlan } from "../config/apply-plan.ts";
import type { LoggingPlan } from "../config/logging-plan.ts";
import { reportOnce } from "../diagnostics.ts";
import type { LoggerRule } from "../system/logger-rules.ts";
import { ProcessLoggerProvider } from "../system/process-provider.ts";
import type { Registration } from "../system/register-provider.ts";
import { CAPTURE_KINDS } from "./capture-kinds.ts";
import { startCaptures } from "./captures.ts";
import { configureProcess } from "./configure-process.ts";

/** What `femtologging/register` has done on this thread. */
export interface AutomaticRegistration {
  /** The provider of the process's loggers; undefined where the SDK is disabled. */
  readonly provider: ProcessLoggerProvider | undefined;
  /** What the provider reached; undefined where the SDK is disabled. */
  readonly registration: Registration | undefined;
  /** What is captured, by name. */
  readonly captures: readonly string[];
  /** What the configuration was read from. */
  readonly source: string;
  /** Ends the captures and takes the provider out of the registries. Handlers stay with their loggers. */
  readonly release: () => void;
}

/** What the thread that was first tells those that are started later. */
interface InheritedPlan extends ThreadPlan {
  readonly source: string;
  readonly rules: readonly LoggerRule[];
  readonly captures: readonly string[];
  readonly isDisabled: boolean;
}

const KEY = "femtologging.register.1";
const HOLDER_KEY = Symbol.for(KEY);
const holder = globalThis as { [HOLDER_KEY]?: AutomaticRegistration };

/** Sets everything up, once a thread: a second copy of this package is told what the first has done. Never throws. */
export function setUp(): AutomaticRegistration {
  const before = holder[HOLDER_KEY];
  if (before !== undefined) {
    reportOnce(
      "registered twice",
      "femtologging/register is loaded from two places: what the first one has set up stays. Load it once, and install femtologging once",
    );
    return before;
  }
  const done = register(planOfThread());
  holder[HOLDER_KEY] = done;
  return done;
}

/** A thread of the application attaches to what the first thread has made: levels, handlers and their queues are shared. */
function planOfThread(): InheritedPlan {
  const inherited = isMainThread ? undefined : (getEnvironmentData(KEY) as unknown);
  if (inherited !== undefined) {
    const plan = inherited as InheritedPlan;
    if (!plan.isDisabled) startThread(plan);
    return plan;
  }
  const { source, resource, limits, isQuiet, rules, captures, isDisabled } = configureProcess();
  const plan = { source, resource: dataOf(resource), limits, isQuiet, rules, captures, isDisabled };
  setEnvironmentData(KEY, plan);
  return plan;
}

function dataOf(resource: LoggingPlan["resource"]): LoggingPlan["resource"] {
  if (resource === undefined) return undefined;
  const { attributes, schemaUrl } = resource;
  return { attributes: { ...attributes }, ...(schemaUrl === undefined ? {} : { schemaUrl }) };
}

function register({ source, rules, captures: names, isDisabled }: InheritedPlan): AutomaticRegistration {
  if (isDisabled) {
    return { provider: undefined, registration: undefined, captures: [], source, release: () => {} };
  }
  const provider = new ProcessLoggerProvider(rules);
  const registration = provider.register();
  const captures = startCaptures(names, CAPTURE_KINDS);
  return {
    provider,
    registration,
    captures: captures.map(({ name }) => name),
    source,
    release: () => {
      for (const { capture } of captures) capture.release();
      registration.unregister();
    },
  };
}
