/** A file as the body of a request: its bytes, as they are. */
export const sentFile = (file: File, type: string) => ({
  body: file as unknown as string,
  bodySerializer: () => file,
  headers: { 'content-type': type },
});

/** By its name: what browsers say of a file's type depends on what is installed. */
export const sheetTypeOf = ({ name }: File): string =>
  /\.xlsx$/i.test(name) ? 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' : 'text/csv';

const DOCUMENT_TYPES: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  pdf: 'application/pdf',
};

/** The same of an image or a PDF; what is none goes as one, for the service to say so. */
export const documentTypeOf = ({ name }: File): string =>
  DOCUMENT_TYPES[name.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'image/jpeg';
