import type { EncoderLimits } from "../../processors/shape/value-writer.ts";
import { ENVIRONMENT_OPTIONS } from "../options/environment-options.ts";
import type { ResolvedOf } from "../options/infer.ts";
import { resolveOptions } from "../options/validate.ts";

/** What the environment says of the SDK as a whole. Read each time: a wrong variable is reported once. */
function environment(): ResolvedOf<typeof ENVIRONMENT_OPTIONS> {
  return resolveOptions(ENVIRONMENT_OPTIONS, {}, { action: "set up", subject: "the SDK" });
}

/** Whether `OTEL_SDK_DISABLED` switches telemetry off. */
export function isSdkDisabled(): boolean {
  return environment().sdkDisabled;
}

/** The limits of records that are not given in code: those of the environment, else the specification's. */
export function environmentLimits(): Partial<EncoderLimits> {
  const { attributeCountLimit, attributeValueLengthLimit } = environment();
  return {
    ...(attributeCountLimit === undefined ? {} : { attributeCountMax: attributeCountLimit }),
    ...(attributeValueLengthLimit === undefined ? {} : { valueLengthMax: attributeValueLengthLimit }),
  };
}
