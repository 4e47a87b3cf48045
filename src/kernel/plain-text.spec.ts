import { isPlainText } from './plain-text';

describe('plain text', () => {
  it.each([
    ['', true],
    ['ação 💰', true],
    ['a\0', false],
    ['\ud83d', false],
    ['x\udcb0', false],
  ])('%j: %s', (text, is) => {
    expect(isPlainText(text)).toBe(is);
  });
});
