/** A formatter of one's own, for a handler's thread. */
// #region module
/** `options` is what the handler was given with the module. */
export function createFormatter({ separator = " " } = {}) {
  return (record) => [record.severityText, record.loggerName, record.body].join(separator);
}
// #endregion
