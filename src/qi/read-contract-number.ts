import type { Fields } from './fields';

/** `...-CCB-0000195364-2230409195718_signed.pdf`: before the authorization QI names the CCB nowhere else. */
const IN_FILE_NAME = /-CCB-(\d{4,14})[-_][^/]*\.pdf$/i;
const NUMBER = /^[\w./-]{1,40}$/;

/** The number of the CCB, in whatever place this message has it; undefined where it has none. */
export function readContractNumber(envelope: Fields, data: Fields): string | undefined {
  const told =
    envelope.text('contract_number') ?? data.text('contract_number') ?? data.child('contract').text('number');
  if (told !== undefined && NUMBER.test(told)) return told;
  const file = envelope.text('signed_contract_url') ?? data.text('signed_contract_url');
  return IN_FILE_NAME.exec(file ?? '')?.[1];
}
