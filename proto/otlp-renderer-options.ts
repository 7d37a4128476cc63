/** Options of `OtlpProtobufRenderer` and `OtlpJsonRenderer`; plain data. */
export interface OtlpRendererOptions {
  /** Whether each record carries its template as the attribute `message.template`; false by default. */
  readonly includeTemplate?: boolean | undefined;
}
