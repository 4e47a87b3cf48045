import { documentKindOf } from './document-kind';

describe('the kind of a document', () => {
  it.each([
    ['ffd8ffe000104a46', 'jpeg'],
    ['89504e470d0a1a0a00', 'png'],
    ['255044462d312e37', 'pdf'],
    ['504b030414', 'zip'],
    ['4d5a9000', undefined],
    ['ffd8', undefined],
    ['', undefined],
  ])('that begins with %s is %s', (hex, kind) => {
    expect(documentKindOf(Buffer.from(hex, 'hex'))).toBe(kind);
  });
});
