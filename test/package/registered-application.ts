/** Applications that log with everything there is, and know nothing of how it is set up. */
import { makeApplication, type ApplicationFolder } from "../support/application-folder.ts";

export const API = "@opentelemetry/api";
export const API_LOGS = "@opentelemetry/api-logs";
export const REGISTER = "femtologging/register";

/** Logs with all that an application may log with, as an ECMAScript module. */
export const ESM: string = `
  import { logs } from "${API}";
  import { logs as legacy } from "${API_LOGS}";
  import { getLogger } from "femtologging";
  logs.getLogger("api").emit({ body: "from api", severityNumber: 5 });
  legacy.getLogger("legacy").emit({ body: "from legacy", severityNumber: 13 });
  getLogger("own").info("from {who}", { who: "own" });
`;

/** The same as a CommonJS module. */
export const CJS: string = `
  const { logs } = require("${API}");
  const { logs: legacy } = require("${API_LOGS}");
  const { getLogger } = require("femtologging");
  logs.getLogger("api").emit({ body: "from api", severityNumber: 5 });
  legacy.getLogger("legacy").emit({ body: "from legacy", severityNumber: 13 });
  getLogger("own").info("from {who}", { who: "own" });
`;

/** What they log. */
export const BODIES: readonly string[] = ["from api", "from legacy", "from own"];

/** A folder with app.mjs, app.cjs and further files, which finds the packages of OpenTelemetry that are named. */
export async function makeRegistered(
  files: Readonly<Record<string, string>> = {},
  packages: readonly string[] = [],
): Promise<ApplicationFolder> {
  const folder = await makeApplication(["femtologging", API, API_LOGS, ...packages]);
  for (const [name, content] of Object.entries({ "app.mjs": ESM, "app.cjs": CJS, ...files })) {
    await folder.write(name, content);
  }
  return folder;
}

type Line = Readonly<Record<string, unknown>>;

/** Lines of JSON. @throws {SyntaxError} One is none. */
export function linesOf(text: string): Line[] {
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line) as Line);
}

/** The messages of such lines, as text. */
export function messagesOf(text: string): string[] {
  return linesOf(text).map(({ msg }) => String(msg));
}
