/** What the help of `build`, `run` and `exec` says about contexts that are fetched. */
export const REMOTE_CONTEXTS = `CONTEXT may also be what the worker fetches, with the credentials that it knows for the host:
  https://HOST/PATH.git#REF:FOLDER   a git repository (also http, ssh://, git://, git@HOST:PATH); REF is a branch, a tag,
                                     a commit id, pull/N/head or pull/N/merge; #REF:FOLDER may be left out
  https://HOST/x.tar.gz              a tar archive: plain, gzip, xz, zstd or bzip2
  oci://HOST/NAME:TAG                an artifact of a registry, as ORAS pushes them
Then -f is a path in there.`;
