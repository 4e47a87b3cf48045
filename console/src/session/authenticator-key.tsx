import { Anchor, Center, Code, CopyButton, Loader, Stack, Text } from '@mantine/core';
import { lazy, Suspense } from 'react';

/** Most who come here sign in and never see one. */
const QrCode = lazy(() => import('./qr-code').then(({ QrCode: code }) => ({ default: code })));

const QR_SIZE = 208;

/** The key of an authenticator: for a telephone's camera, for an application on this device, and to be typed. */
export function AuthenticatorKey({ uri }: { readonly uri: string }) {
  const secret = new URL(uri).searchParams.get('secret') ?? '';
  return (
    <Stack gap={4}>
      <Text size="sm" fw={600}>
        Chave do autenticador
      </Text>
      <Text size="sm" c="dimmed">
        Leia o código com o aplicativo autenticador do celular:
      </Text>
      <Center mih={QR_SIZE} my="xs">
        <Suspense fallback={<Loader role="status" aria-busy="true" aria-label="Carregando" />}>
          <QrCode
            text={uri}
            label="Código QR da chave do autenticador; a mesma chave está escrita abaixo"
            size={QR_SIZE}
          />
        </Suspense>
      </Center>
      <Text size="sm" c="dimmed">
        Se o aplicativo está neste aparelho, abra-o pelo{' '}
        <Anchor href={uri} size="sm" underline="always">
          endereço da chave
        </Anchor>{' '}
        ou digite a chave nele:
      </Text>
      <Code block className="breaks" style={{ whiteSpace: 'pre-wrap' }}>
        {secret.replace(/(.{4})(?=.)/g, '$1 ')}
      </Code>
      <CopyButton value={secret}>
        {({ copied, copy }) => (
          <Anchor component="button" type="button" size="sm" ta="left" onClick={copy}>
            {copied ? 'Copiada' : 'Copiar a chave'}
          </Anchor>
        )}
      </CopyButton>
    </Stack>
  );
}
