import { firstFile } from './multipart';

describe('firstFile', () => {
  const part = (headers: string, body: Buffer): Buffer =>
    Buffer.concat([Buffer.from(`--b\r\n${headers}\r\n\r\n`), body, Buffer.from('\r\n')]);
  const field = part('Content-Disposition: form-data; name="note"', Buffer.from('text'));
  const file = (body: Buffer): Buffer =>
    part('Content-Disposition: form-data; name="file"; filename="a.pdf"', body);
  const form = (...parts: Buffer[]): Buffer => Buffer.concat([...parts, Buffer.from('--b--\r\n')]);
  const type = 'multipart/form-data; boundary=b';

  it.each([
    ['any bytes', Buffer.from([0, 255, 13, 10, 13, 10, 45, 45, 97])],
    ['nothing', Buffer.alloc(0)],
  ])('gives %s back unchanged', (_, bytes) => {
    expect(firstFile(form(field, file(bytes), file(Buffer.from('second'))), type)).toEqual(bytes);
  });

  it.each([
    ['without a file', form(field), type],
    ['without a boundary', form(file(Buffer.from('x'))), 'multipart/form-data'],
    ['that breaks off', Buffer.concat([file(Buffer.from('x'))]), type],
    ['that is none', Buffer.from('hello'), type],
  ])('of a form %s is empty', (_, bytes, contentType) => {
    expect(firstFile(bytes, contentType)).toHaveLength(0);
  });
});
