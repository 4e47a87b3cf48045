export interface Answer {
  readonly data?: unknown;
  readonly response: Response;
}

/** Gives a file to the browser's downloads. */
export function saveAs(blob: unknown, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob as Blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** The file that is asked for, under the name that the service answers it with. Not a plain link: a token cannot travel in one. */
export async function saveAnswer(asked: Promise<Answer>, otherwise: string): Promise<void> {
  const { data, response } = await asked;
  const name = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1];
  saveAs(data, name ?? otherwise);
}
