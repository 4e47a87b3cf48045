import { payrollDebt, type Json } from '../integration/sandbox-debts';

/** The sandbox's federal payroll in a test's hands: what is planned for a servant, and debts that are asked for directly. */
export class Siape {
  constructor(private readonly url: string) {}

  /** @throws Error in the sandbox's words */
  async control(path: string, body: Json): Promise<void> {
    await this.post(`/_control/${path}`, body);
  }

  /** @throws Error in the sandbox's words */
  post(path: string, body: Json): Promise<Json> {
    return this.send('POST', path, body);
  }

  /** @throws Error in the sandbox's words */
  async send(method: 'POST' | 'PATCH', path: string, body: Json): Promise<Json> {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', 'api-client-key': 'test' },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(text);
    return text === '' ? {} : (JSON.parse(text) as Json);
  }

  /** A debt of a servant whom SIAPE and QI treat so. @returns its key */
  async issue(cpf: string, plan: Json, collateral: Json = {}, ourKey = `ours-${cpf}`): Promise<string> {
    await this.control('federal-payroll', { document_number: cpf, ...plan });
    await this.post('/federal_payroll/balance', { document_number: cpf });
    const debt = payrollDebt(cpf, collateral, { requester_identifier_key: ourKey });
    return String((await this.post('/debt', debt))['key']);
  }
}
