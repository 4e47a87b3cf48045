import { maskedCpf, maskedDate, typedCpf, typedDate } from './typed';

describe('what people type', () => {
  it.each([
    ['529', '529'],
    ['5299', '529.9'],
    ['52998224725', '529.982.247-25'],
    ['529.982.247-259', '529.982.247-25'],
  ])('a CPF: %s looks like %s', (text, shown) => {
    expect(maskedCpf(text)).toBe(shown);
  });

  it.each([
    ['529.982.247-25', '52998224725'],
    ['529.982.247-26', undefined],
    ['111.111.111-11', undefined],
    ['529.982.247', undefined],
  ])('a CPF: %s is %s', (text, digits) => {
    expect(typedCpf(text)).toBe(digits);
  });

  it.each([
    ['1003', '10/03'],
    ['10031985', '10/03/1985'],
  ])('a date: %s looks like %s', (text, shown) => {
    expect(maskedDate(text)).toBe(shown);
  });

  it.each([
    ['10/03/1985', '1985-03-10'],
    ['31/02/2026', undefined],
    ['10/3/85', undefined],
    ['', undefined],
  ])('a date: %s is %s', (text, date) => {
    expect(typedDate(text)).toBe(date);
  });
});
