/** Gives a file to the browser's downloads, under the name that the service answered it with. */
export function saveAs(blob: unknown, response: Response | undefined, otherwise: string): void {
  const name = /filename="([^"]+)"/.exec(response?.headers.get('content-disposition') ?? '')?.[1];
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob as Blob);
  link.download = name ?? otherwise;
  link.click();
  URL.revokeObjectURL(link.href);
}
