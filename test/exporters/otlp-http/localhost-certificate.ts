/** A self-signed certificate for localhost and 127.0.0.1 that is good for a hundred years, and its key. For tests only. */
export const localhostCertificate = `-----BEGIN CERTIFICATE-----
MIIBmjCCAUGgAwIBAgIUIGwlA7A/0PytMzomdaKKQUc/e1gwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjE3NDM1OFoYDzIxMjYxMDI5
MTc0MzU4WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASSKl3r7UqZqMS2NjG7yrAIbQZ9S1wjTE7ezEqp/Z1u6PCf2j3MRy9q
j5HW8lu6mMPprrEZQKov5hQXCdVhqQKvo28wbTAdBgNVHQ4EFgQUM2jeyD/MhppW
weBoev7f43NrgoMwHwYDVR0jBBgwFoAUM2jeyD/MhppWweBoev7f43NrgoMwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDRwAwRAIgHCfv97gmsVf998mLu/vjf5kPJAQHCcYElauUvPgaXloCIA4a
A5n8oiJKoGuMCySYgqpm49aeRGaFnegEtpC+0/b3
-----END CERTIFICATE-----
`;

/** The key of the certificate above; protects nothing. */
export const localhostKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgtGrIwXw0kRKm8gbU
JzvkPOMaJcktO1OS+n2L8WQx1YKhRANCAASSKl3r7UqZqMS2NjG7yrAIbQZ9S1wj
TE7ezEqp/Z1u6PCf2j3MRy9qj5HW8lu6mMPprrEZQKov5hQXCdVhqQKv
-----END PRIVATE KEY-----
`;
