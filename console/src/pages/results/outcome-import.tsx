import { Alert, Button, Code, Paper, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, bodyOf } from '../../api/client';
import { count } from '../../format/format';
import { FileChooser } from '../../parts/file-chooser';
import { sentFile, sheetTypeOf } from '../../parts/sent-file';
import { useSession } from '../../session/session-provider';
import { SheetRefusal } from '../policy/sheet-refusal';

/** What became of loans after disbursement, as who services them tells it: all of a file, or nothing. */
export function OutcomeImport() {
  const { may } = useSession();
  const queries = useQueryClient();
  const sending = useMutation({
    mutationFn: (file: File) =>
      bodyOf(api.POST('/api/v1/loan-outcomes/file', sentFile(file, sheetTypeOf(file)))),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['results'] }),
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
        <Code>valor_pago</Code>, <Code>perda</Code>. Uma linha errada ou uma operação desconhecida, e nada é
        gravado.
      </Text>
      <FileChooser
        accept=".csv,.xlsx"
        inputProps={{ 'aria-label': 'Arquivo de parcelas' }}
        onFile={sending.mutate}
      >
        {(props) => (
          <Button variant="default" loading={sending.isPending} {...props}>
            Enviar arquivo
          </Button>
        )}
      </FileChooser>
      {sending.error !== null && <SheetRefusal error={sending.error} />}
      {sending.data !== undefined && (
        <Alert color="green" mt="sm" role="status">
          {count(sending.data.outcomes)} parcelas de {count(sending.data.loans)} operações gravadas. Entram
          nos números em meio minuto.
        </Alert>
      )}
    </Paper>
  );
}
