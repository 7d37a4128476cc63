/** Version in the `User-Agent`: that of package.json, which a bundled worker cannot read. A test compares them. */
export const version = "0.1.0";

/** Our own product in a `User-Agent`. @see RFC 9110, 10.1.5 User-Agent */
export const product: string = `femtologging/${version}`;
