/** How the numbers of an account are written. A dash is none of them: without it "12345-6" would be account 123456. */
export const ACCOUNT_NUMBERS = {
  branch_number: { form: /^\d{1,5}$/, expected: 'informe a agência sem o dígito, de 1 a 5 algarismos' },
  account_number: { form: /^\d{1,20}$/, expected: 'informe a conta sem o dígito, de 1 a 20 algarismos' },
  account_digit: { form: /^[0-9Xx]{1,2}$/, expected: 'informe o dígito' },
} as const;

export const ACCOUNT_TYPES = [
  'checking_account',
  'payment_account',
  'savings_account',
  'salary_account',
] as const;
