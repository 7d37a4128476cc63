/** Something that is being captured. */
export interface Capture extends Disposable {
  /**
   * Ends the capture and puts back what was there before. Where somebody else has patched the same thing since, ours
   * stays in place and passes everything on. May be called again.
   */
  release(): void;
}
