/**
 * What comes of work, where it comes soon enough. What is too late goes on, and nobody hears of its end.
 * @throws Error with these words when it is too late
 */
export async function inTime<T>(work: Promise<T>, withinMs: number, late: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(late));
    }, withinMs);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
