/** Bundlers as people configure them for a server: one file, nothing left outside, no plugin for this package. */
import { basename, dirname } from "node:path";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { rspack, type Stats as RspackStats } from "@rspack/core";
import { build as esbuild } from "esbuild";
import { rollup } from "rollup";
import { build as viteBuild, createLogger } from "vite";
import webpack, { type Configuration, type Stats } from "webpack";

/** What to bundle, and how. */
export interface BundleTask {
  /** An ECMAScript module. */
  readonly entryPath: string;
  /** One file; its folder exists. */
  readonly outputPath: string;
  readonly format: "esm" | "cjs";
  readonly minify: boolean;
}

/** One bundler. */
export interface Bundler {
  readonly name: string;
  readonly formats: readonly BundleTask["format"][];
  /** Writes the file and returns what the bundler warned of. @throws {Error} It cannot bundle. */
  readonly bundle: (task: BundleTask) => Promise<readonly string[]>;
}

async function bundleWithEsbuild({ entryPath, outputPath, format, minify }: BundleTask): Promise<string[]> {
  const { warnings } = await esbuild({
    entryPoints: [entryPath],
    outfile: outputPath,
    bundle: true,
    platform: "node",
    target: "node22",
    format,
    minify,
    logLevel: "silent",
  });
  return warnings.map(({ text, location }) => `${location?.file ?? ""}: ${text}`);
}

async function bundleWithRollup({ entryPath, outputPath, format }: BundleTask): Promise<string[]> {
  const warnings: string[] = [];
  const bundle = await rollup({
    input: entryPath,
    // CommonJS, which Rollup reads by a plugin only.
    external: ["winston"],
    plugins: [nodeResolve({ preferBuiltins: true, exportConditions: ["node"] })],
    onwarn: ({ id, message }) => void warnings.push(`${id ?? ""}: ${message}`),
  });
  await bundle.write({ file: outputPath, format, inlineDynamicImports: true });
  await bundle.close();
  return warnings;
}

async function bundleWithVite({ entryPath, outputPath, format, minify }: BundleTask): Promise<string[]> {
  const warnings: string[] = [];
  const customLogger = createLogger("silent");
  const warn = (text: string): void => {
    warnings.push(text);
  };
  customLogger.warn = warn;
  customLogger.warnOnce = warn;
  await viteBuild({
    configFile: false,
    root: dirname(entryPath),
    logLevel: "silent",
    customLogger,
    ssr: { noExternal: true, target: "node" },
    build: {
      ssr: entryPath,
      outDir: dirname(outputPath),
      emptyOutDir: false,
      target: "node22",
      minify,
      reportCompressedSize: false,
      rolldownOptions: {
        output: { format, entryFileNames: basename(outputPath), codeSplitting: false },
      },
    },
  });
  return warnings;
}

/** Webpack and Rspack take the same configuration. */
function packConfiguration({ entryPath, outputPath, format, minify }: BundleTask): object {
  const isModule = format === "esm";
  return {
    mode: "production",
    target: "node22",
    context: dirname(entryPath),
    entry: entryPath,
    output: {
      path: dirname(outputPath),
      filename: basename(outputPath),
      ...(isModule
        ? { module: true, library: { type: "module" }, chunkFormat: "module" }
        : { library: { type: "commonjs2" } }),
    },
    ...(isModule ? { experiments: { outputModule: true } } : {}),
    optimization: { minimize: minify },
    module: { parser: { javascript: { dynamicImportMode: "eager" } } },
    performance: false,
  };
}

function warningsOf(stats: Stats | RspackStats | undefined): string[] {
  const { errors = [], warnings = [] } = stats?.toJson({ all: false, errors: true, warnings: true }) ?? {};
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join("\n"));
  return warnings.map(({ moduleName, message }) => `${moduleName ?? ""}: ${message}`);
}

async function bundleWithWebpack(task: BundleTask): Promise<string[]> {
  const { promise, resolve, reject } = Promise.withResolvers<Stats | undefined>();
  const compiler = webpack(packConfiguration(task) as Configuration);
  compiler.run((error, stats) => compiler.close(() => (error ? reject(error) : resolve(stats))));
  return warningsOf(await promise);
}

async function bundleWithRspack(task: BundleTask): Promise<string[]> {
  const { promise, resolve, reject } = Promise.withResolvers<RspackStats | undefined>();
  const compiler = rspack(packConfiguration(task));
  compiler.run((error, stats) => compiler.close(() => (error ? reject(error) : resolve(stats))));
  return warningsOf(await promise);
}

/** All that a test tries. */
export const BUNDLERS: readonly Bundler[] = [
  { name: "esbuild", formats: ["esm", "cjs"], bundle: bundleWithEsbuild },
  { name: "Rollup", formats: ["esm"], bundle: bundleWithRollup },
  { name: "Vite", formats: ["esm", "cjs"], bundle: bundleWithVite },
  { name: "webpack", formats: ["esm", "cjs"], bundle: bundleWithWebpack },
  { name: "Rspack", formats: ["esm", "cjs"], bundle: bundleWithRspack },
];
