/** Longer than the longest question takes: several looks at the past, each of which the service ends after 10 s. */
const ANSWER_WITHIN_MS = 60_000;
/** A file is read in its turn, behind others (`uploads` in engine.yaml). */
const FILE_WITHIN_MS = 180_000;

/**
 * Asks, and gives up where no answer begins in time: a service that stands still breaks no connection. How long the body then
 * takes is not limited, for it may be a large file.
 * @throws when there is no answer
 */
export async function fetchInTime(request: Request): Promise<Response> {
  const late = new AbortController();
  const timer = setTimeout(
    () => {
      late.abort();
    },
    carriesFile(request) ? FILE_WITHIN_MS : ANSWER_WITHIN_MS,
  );
  try {
    return await fetch(request, { signal: AbortSignal.any([request.signal, late.signal]) });
  } finally {
    clearTimeout(timer);
  }
}

function carriesFile({ headers }: Request): boolean {
  const type = headers.get('content-type');
  return type !== null && !type.includes('json');
}
