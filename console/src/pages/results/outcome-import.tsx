import { Alert, Button, Code, Group, Paper, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, bodyOf, type OutcomesPreview } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import { count, reais } from '../../format/format';
import { Facts } from '../../parts/facts';
import { HiddenCells } from '../../parts/hidden-cells';
import { sentFile, sheetTypeOf } from '../../parts/sent-file';
import { SheetChooser } from '../../parts/sheet-chooser';
import { CellList, SheetRefusal } from '../../parts/sheet-refusal';
import { useSession } from '../../session/session-provider';

/** What became of loans after disbursement, as who services them tells it: shown first, then all of a file, or nothing. */
export function OutcomeImport() {
  const { may } = useSession();
  const [file, setFile] = useState<File>();
  const [isAnew, setAnew] = useState(false);
  const preview = useMutation({
    mutationFn: (chosen: File) =>
      bodyOf(api.POST('/api/v1/loan-outcomes/file/preview', sentFile(chosen, sheetTypeOf(chosen)))),
  });
  if (!may('operations.act')) return null;
  return (
    <Paper p="md" component="section" aria-label="Parcelas depois do desembolso">
      <Title order={2} mb={4}>
        Parcelas depois do desembolso
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        CSV ou Excel com as colunas <Code>operacao</Code>, <Code>parcela</Code>, <Code>vencimento</Code>,{' '}
        <Code>situacao</Code> (paga, paga com atraso, em aberto, antecipada, baixada), <Code>pago_em</Code>,{' '}
        <Code>valor_pago</Code>, <Code>perda</Code> (em reais, como 1.234,56). Nada é gravado antes de você
        conferir. Uma linha errada ou uma operação desconhecida, e nada é gravado. Uma operação só termina nos
        números com todas as parcelas pagas ou baixadas; para corrigir uma informada por engano, informe-a de
        novo.
      </Text>
      <SheetChooser
        label="Arquivo de parcelas"
        preview={preview}
        onFile={(chosen) => {
          setFile(chosen);
          setAnew(false);
          preview.mutate(chosen);
        }}
      />
      {file !== undefined && preview.data !== undefined && (
        <Previewed
          key={preview.submittedAt}
          file={file}
          preview={preview.data}
          isAnew={isAnew}
          onChanged={() => {
            setAnew(true);
            preview.mutate(file);
          }}
        />
      )}
    </Paper>
  );
}

function Previewed({
  file,
  preview,
  isAnew,
  onChanged,
}: {
  readonly file: File;
  readonly preview: OutcomesPreview;
  /** What was stored changed after it had been looked at. */
  readonly isAnew: boolean;
  readonly onChanged: () => void;
}) {
  const queries = useQueryClient();
  const { rows, hidden, added, changed, same, refused, replaced, replaces, problems } = preview;
  const storing = useMutation({
    mutationFn: () => {
      const confirm_replacement = changed > 0 ? ('true' as const) : ('false' as const);
      const params = { query: { confirm_replacement, ...(replaces !== null && { replaces }) } };
      return bodyOf(api.POST('/api/v1/loan-outcomes/file', { params, ...sentFile(file, sheetTypeOf(file)) }));
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['results'] }),
    onError: (error) => {
      if (error instanceof ApiProblem && error.status === 409) onChanged();
    },
  });
  if (storing.data !== undefined)
    return (
      <Alert color="green" mt="sm" role="status">
        {count(storing.data.outcomes)} parcelas de {count(storing.data.loans)} operações gravadas;{' '}
        {count(storing.data.changed)} tomaram o lugar do que já havia. Entram nos números em meio minuto.
      </Alert>
    );
  return (
    <Alert mt="md" color="gray" variant="outline" title={file.name} data-preview>
      {isAnew && (
        <Alert mb="sm" color="orange" role="alert" title="Nada foi gravado">
          O que já estava informado mudou desde a conferência. Confira de novo o que muda.
        </Alert>
      )}
      <Facts
        items={[
          ['Linhas lidas', count(rows)],
          ['Novas', count(added)],
          ['Mudam', count(changed)],
          ['Iguais às gravadas', count(same)],
          ['Recusadas', count(refused)],
          ['Valor pago, ao todo', reais(preview.paid_amount)],
          ['Perdas, ao todo', reais(preview.loss_amount)],
        ]}
      />
      <HiddenCells hidden={hidden} />
      {refused > 0 && (
        <Alert mt="sm" color="red" role="alert" title="Há linhas erradas: nada será gravado">
          <CellList errors={problems} />
        </Alert>
      )}
      {changed > 0 && (
        <Alert mt="sm" color="orange" title={`${count(changed)} já informadas mudam`}>
          <CellList errors={replaced} />
        </Alert>
      )}
      {storing.error !== null && <SheetRefusal error={storing.error} />}
      <Group mt="sm">
        <Button
          loading={storing.isPending}
          disabled={refused > 0}
          onClick={() => {
            storing.mutate();
          }}
        >
          {changed > 0 ? `Gravar e substituir ${count(changed)}` : `Gravar ${count(rows)} parcelas`}
        </Button>
      </Group>
    </Alert>
  );
}
