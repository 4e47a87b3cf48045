import { randomUUID } from 'node:crypto';

/** What an issue needs of a borrower. */
export const personOf = (document_number: string) => ({
  name: 'Maria Aparecida de Souza',
  mother_name: 'Ana de Souza',
  birth_date: '1985-03-10',
  is_pep: false,
  document_identification_number: document_number,
  document_identification_type: 'rg',
  document_identification_date: '2010-01-01',
  document_identification: randomUUID(),
  email: 'maria@example.com',
  phone: { area_code: '11', number: '989073010' },
  address: {
    street: 'Rua A',
    number: '1',
    neighborhood: 'Centro',
    city: 'São Paulo',
    state: 'SP',
    postal_code: '01001000',
  },
});

export const accountOf = (document_number: string) => ({
  name: 'Maria Aparecida de Souza',
  document_number,
  pix_key: document_number,
});
