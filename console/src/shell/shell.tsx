import {
  ActionIcon,
  AppShell,
  Badge,
  Burger,
  Group,
  Menu,
  NavLink,
  Text,
  UnstyledButton,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useIsPhone } from '../parts/use-is-phone';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { useEffect } from 'react';
import mark from '../mark.svg';
import { waitsFor } from '../pages/policy/reviews';
import { useSession } from '../session/session-provider';
import { isAnythingUnsaved, mayBeLost } from '../session/unsaved';
import { ROLE, wordOf } from '../words/words';
import { Icon } from './icons';
import { FinderButton } from './finder-button';
import { EngageButton, StoppedBanner } from './kill-switch';
import { LiveProvider, useLive } from './live-provider';
import { BrowserNotices, useAlerts } from './alerts';
import { NotForThem } from './not-for-them';
import { isClosed, PLACES, type Place } from './places';
import { TroubleBanner, useTroubles } from './troubles';

export function Shell() {
  return (
    <LiveProvider>
      <Frame />
    </LiveProvider>
  );
}

function Frame() {
  const [isOpen, { toggle, close }] = useDisclosure();
  const isPhone = useIsPhone();
  const { pathname } = useLocation();
  const { may } = useSession();
  useEffect(close, [pathname, close]);
  return (
    <AppShell
      header={{ height: 60 }}
      navbar={{ width: 208, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding={{ base: 'sm', sm: 'lg' }}
    >
      <a className="skip" href="#conteudo">
        Ir para o conteúdo
      </a>
      <AppShell.Header>
        <Group h="100%" px={{ base: 'xs', sm: 'md' }} wrap="nowrap" justify="space-between">
          <Group gap="xs" wrap="nowrap" w={{ sm: 176 }}>
            <Burger opened={isOpen} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Menu" />
            <img src={mark} width={28} height={28} alt="" />
            <Text fw={700} fz="lg" visibleFrom="xs">
              Arremate
            </Text>
          </Group>
          {!isPhone && <FinderButton />}
          <Group gap={isPhone ? 4 : 'xs'} wrap="nowrap">
            {isPhone && <FinderButton />}
            {!isPhone && <Connection />}
            <EngageButton />
            <PersonMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" component="nav" aria-label="Páginas">
        <Places pathname={pathname} />
      </AppShell.Navbar>
      <AppShell.Main id="conteudo">
        {isPhone && <Connection />}
        <StoppedBanner />
        <TroubleBanner />
        <BrowserNotices />
        {isClosed(pathname, may) ? <NotForThem /> : <Outlet />}
      </AppShell.Main>
    </AppShell>
  );
}

function Places({ pathname }: { readonly pathname: string }) {
  const { may, session } = useSession();
  const { overview } = useLive();
  const troubles = useTroubles().data?.length ?? 0;
  const { actor } = session;
  const waiting: Partial<Record<Place['to'], number>> = {
    '/politica':
      overview?.policies_in_review.filter((version) => waitsFor({ may, actor }, version)).length ?? 0,
    '/operacoes': overview?.open_tasks ?? 0,
    '/plantao': useAlerts().data?.open.filter((alert) => alert.acknowledged_by === null).length ?? 0,
    '/saude': troubles + (overview?.parked_events ?? 0),
  };
  return PLACES.filter(({ permissions }) => permissions.some(may)).map(({ to, label, icon }) => {
    const isHere = to === '/' ? pathname === '/' : pathname.startsWith(to);
    const count = waiting[to] ?? 0;
    return (
      <NavLink
        key={to}
        component={Link}
        to={to}
        label={label}
        active={isHere}
        aria-current={isHere ? 'page' : undefined}
        leftSection={<Icon name={icon} />}
        rightSection={
          count > 0 ? (
            <Badge
              size="sm"
              variant="filled"
              color={to === '/saude' ? 'red' : 'felt'}
              aria-label={`${String(count)} à espera`}
            >
              {count > 999 ? '999+' : count}
            </Badge>
          ) : undefined
        }
        style={{ borderRadius: 'var(--mantine-radius-md)' }}
        fw={isHere ? 600 : 500}
        mb={2}
      />
    );
  });
}

function Connection() {
  if (!useLive().isLost) return null;
  return (
    <Badge color="orange" variant="filled" size="lg" tt="none" role="status">
      Sem conexão: tentando de novo
    </Badge>
  );
}

function sayThatStillIn(): void {
  notifications.show({
    color: 'red',
    title: 'Não foi possível sair',
    message: 'A sessão pode continuar aberta neste navegador. Tente de novo.',
  });
}

function PersonMenu() {
  const { session, signOut } = useSession();
  const { setColorScheme } = useMantineColorScheme();
  const other = useComputedColorScheme('light') === 'dark' ? 'light' : 'dark';
  return (
    <Menu position="bottom-end" width={260}>
      <Menu.Target>
        <UnstyledButton aria-label="Conta">
          <ActionIcon component="span" variant="light" size="lg" radius="xl">
            <Icon name="person" />
          </ActionIcon>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{session.username ?? session.actor}</Menu.Label>
        <Menu.Label>{session.roles.map((role) => wordOf(ROLE, role)).join(' · ')}</Menu.Label>
        <Menu.Divider />
        <Menu.Item component={Link} to="/conta">
          Minha conta
        </Menu.Item>
        <Menu.Item
          leftSection={<Icon name={other === 'dark' ? 'moon' : 'sun'} size={16} />}
          onClick={() => {
            setColorScheme(other);
          }}
        >
          {other === 'dark' ? 'Tema escuro' : 'Tema claro'}
        </Menu.Item>
        <Menu.Item component="a" href="/api/docs" target="_blank">
          Documentação da API
        </Menu.Item>
        <Menu.Item
          color="red"
          onClick={() => {
            if (!isAnythingUnsaved() || mayBeLost()) void signOut().catch(sayThatStillIn);
          }}
        >
          Sair
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
