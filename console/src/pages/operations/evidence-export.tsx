import { Button, Group, Stack } from '@mantine/core';
import { api, bodyOf, type Evidence } from '../../api/client';
import { dateTime, taxpayer } from '../../format/format';
import { Facts } from '../../parts/facts';
import { saveAs } from '../../parts/save-as';
import { ShownForAReason } from '../../parts/shown-for-a-reason';
import { ACCEPTANCE_CHANNEL } from '../../words/proposal-words';
import { wordOf } from '../../words/words';

/** What proves that the client wanted this loan, shown, and given as a file. */
export function EvidenceExport({ operationKey }: { readonly operationKey: string }) {
  const read = (reason: string) =>
    bodyOf(
      api.POST('/api/v1/operations/{key}/evidence', {
        params: { path: { key: operationKey } },
        body: { reason },
      }),
    );
  return (
    <ShownForAReason
      title="Provas da operação"
      warning="Aceite, anuência e assinatura, com dados pessoais. Quem viu e por quê fica na trilha de auditoria."
      size="lg"
      read={read}
    >
      {(evidence) => <Shown evidence={evidence} />}
    </ShownForAReason>
  );
}

function Shown({ evidence }: { readonly evidence: Evidence }) {
  const { acceptance, consent, signatures } = evidence;
  const signed = signatures.at(-1);
  return (
    <Stack>
      <Facts
        items={[
          ['CPF', taxpayer(evidence.borrower_document_number)],
          ['Aceite', acceptance === null ? 'não registrado aqui' : dateTime(acceptance.accepted_at)],
          ['Onde', acceptance === null ? '–' : wordOf(ACCEPTANCE_CHANNEL, acceptance.channel)],
          ['Texto', acceptance?.text_version ?? '–'],
          ['Aparelho', acceptance?.device ?? acceptance?.user_agent ?? '–'],
          ['Endereço IP', acceptance?.ip_address ?? '–'],
          ['Anuência pedida', dateTime(consent?.asked_at)],
          ['Assinado', signed === undefined ? '–' : dateTime(signed.recorded_at)],
        ]}
      />
      <Group justify="flex-end">
        <Button
          onClick={() => {
            download(evidence);
          }}
        >
          Baixar tudo
        </Button>
      </Group>
    </Stack>
  );
}

function download(evidence: Evidence): void {
  const file = new Blob([JSON.stringify(evidence, null, 2)], { type: 'application/json' });
  saveAs(file, `provas-${evidence.credit_operation_key}.json`);
}
