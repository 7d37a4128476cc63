import type { CaptureKinds } from "./captures.ts";

/**
 * The sources that FEMTO_CAPTURE and `capture` of FEMTO_CONFIG can name. A bridge that needs the library that it bridges is loaded
 * when it is named.
 */
export const CAPTURE_KINDS: CaptureKinds = {};
