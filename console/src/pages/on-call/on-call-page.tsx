import { Badge, Group, List, Paper, SimpleGrid, Stack, Switch, Text, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, type Alert } from '../../api/client';
import { dateTime } from '../../format/format';
import { ActionButton } from '../../parts/action-button';
import { Runbook } from '../../parts/runbook';
import { Page } from '../../parts/page';
import { Empty, Loaded } from '../../parts/states';
import { useSession } from '../../session/session-provider';
import { areNoticesOn, switchNotices, useAlerts } from '../../shell/alerts';
import { actorWord } from '../../words/words';
import { HELP } from '../../words/help-words';

/** For whoever is on call: what is wrong or waits, what to do about it, and who has it in hand. */
export function OnCallPage() {
  const { may } = useSession();
  return (
    <Page
      title="Plantão"
      subtitle={
        may('notifications.read') ? (
          <>
            Quem é avisado, e como, está em{' '}
            <Link to="/saude" className="link">
              Saúde, Notificações
            </Link>
            .
          </>
        ) : undefined
      }
      actions={<NoticesSwitch />}
    >
      <Loaded query={useAlerts()}>
        {({ open, over }) => (
          <Stack>
            {open.length === 0 ? (
              <Paper p="md">
                <Empty title="Nada pede atenção agora">
                  O que estiver errado ou à espera de alguém aparece aqui, com o que fazer.
                </Empty>
              </Paper>
            ) : (
              open.map((alert) => <OpenAlert key={alert.id} alert={alert} />)
            )}
            {over.length > 0 && <Over alerts={over} />}
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function OpenAlert({ alert }: { readonly alert: Alert }) {
  const { severity, line, runbook } = alert;
  const isCritical = severity === 'critical';
  return (
    <Paper p="md" component="section" aria-label={line} data-alert={alert.kind}>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Stack gap="xs" align="flex-start">
          <Badge variant="light" color={isCritical ? 'red' : 'yellow'} tt="none">
            {isCritical ? 'crítico' : 'atenção'}
          </Badge>
          <Title order={2} size="h4">
            {line}
          </Title>
          <InHand alert={alert} />
        </Stack>
        <Runbook runbook={runbook} />
      </SimpleGrid>
    </Paper>
  );
}

function InHand({ alert: { id, acknowledged_by: by, acknowledged_at: at } }: { readonly alert: Alert }) {
  const { may } = useSession();
  if (by !== null)
    return (
      <Text size="sm" c="dimmed">
        Com {actorWord(by)} desde {dateTime(at)}
      </Text>
    );
  if (!may('alerts.acknowledge'))
    return (
      <Text size="sm" c="dimmed">
        Ainda sem ninguém
      </Text>
    );
  return (
    <ActionButton
      act={() => api.POST('/api/v1/alerts/{id}/acknowledge', { params: { path: { id } } })}
      stale={[['alerts']]}
    >
      Assumir
    </ActionButton>
  );
}

function Over({ alerts }: { readonly alerts: readonly Alert[] }) {
  return (
    <Paper p="md">
      <Title order={2}>Resolvidos</Title>
      <List size="sm" listStyleType="none" mt="xs">
        {alerts.map(({ id, line, resolved_at: at }) => (
          <List.Item key={id}>
            {line}{' '}
            <Text span c="dimmed">
              até {dateTime(at)}
            </Text>
          </List.Item>
        ))}
      </List>
    </Paper>
  );
}

function NoticesSwitch() {
  const [isOn, setIsOn] = useState(areNoticesOn);
  return (
    <Group gap="xs">
      <Switch
        label="Avisar neste navegador"
        description={HELP.tasks.notices}
        checked={isOn}
        onChange={(event) => {
          const isWanted = event.currentTarget.checked;
          void switchNotices(isWanted).then((isSo) => {
            setIsOn(isSo);
            if (isWanted && !isSo)
              notifications.show({
                color: 'orange',
                message: 'O navegador não permite avisos desta página.',
              });
          });
        }}
      />
    </Group>
  );
}
