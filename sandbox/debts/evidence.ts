import type { JsonObject } from '../../src/kernel';
import { isText, listOf, objectOf } from '../fields';
import type { Uploads } from './uploads';

/** Signatures that the partner collected: the manual's bodies and the newer ones of the federal payroll. */

const SIGNER = ['name', 'email', 'document_number'] as const;
const AUTHENTICITY: Readonly<Record<string, readonly string[]>> = {
  opt_in: ['timestamp', 'ip_address'],
  zip: ['timestamp', 'document_key', 'document_md5'],
  selfie: ['timestamp', 'facial_recognition_key'],
};
const SIGNED_OBJECT: Readonly<Record<string, readonly string[]>> = {
  opt_in: ['document_key', 'document_md5', 'raw_text'],
  zip: ['document_key', 'document_md5', 'raw_text'],
  selfie: ['raw_text'],
};

/** What is wrong with the body of `POST /debt/{key}/signed`, by field; `uploads` checks named documents too. */
export function evidenceProblems(body: JsonObject, uploads: Uploads | undefined): JsonObject {
  if (isText(body['signed_document_key'])) return documentProblems(body, 'signed_document_key', '', uploads);
  if (body['data_signature'] !== undefined) return newerProblems(objectOf(body['data_signature']), uploads);
  switch (body['type']) {
    case 'pdf-signature':
      return isText(body['path-pdf-signed']) ? {} : { 'path-pdf-signed': 'required' };
    case 'data-signature': {
      const signatures = listOf(body['signatures']).map(objectOf);
      if (signatures.length === 0) return { signatures: 'required' };
      return Object.assign(
        {},
        ...signatures.map((each, i) => signatureProblems(each, i, uploads)),
      ) as JsonObject;
    }
    default:
      return { type: 'pdf-signature or data-signature' };
  }
}

function signatureProblems(signature: JsonObject, index: number, uploads: Uploads | undefined): JsonObject {
  const type = signature['authentication_type'];
  const authenticity = isText(type) ? AUTHENTICITY[type] : undefined;
  const at = `signatures.${index}`;
  if (!isText(type) || authenticity === undefined)
    return { [`${at}.authentication_type`]: 'opt_in, zip or selfie' };
  const signer = objectOf(signature['signer']);
  const given = objectOf(signature['authenticity']);
  return {
    ...missing(objectOf(signature['signed_object']), SIGNED_OBJECT[type] ?? [], `${at}.signed_object`),
    ...missing(given, authenticity, `${at}.authenticity`),
    ...missing(signer, SIGNER, `${at}.signer`),
    ...missing(objectOf(signer['phone']), ['country_code', 'area_code', 'number'], `${at}.signer.phone`),
    ...(type === 'zip' ? documentProblems(given, 'document_key', `${at}.authenticity.`, uploads) : {}),
  };
}

function newerProblems(signature: JsonObject, uploads: Uploads | undefined): JsonObject {
  switch (signature['type']) {
    case 'opt_in':
      return missing(
        objectOf(signature['evidence']),
        ['ip_address', 'user_agent', 'timestamp'],
        'data_signature.evidence',
      );
    case 'zip':
      return documentProblems(signature, 'signed_document_key', 'data_signature.', uploads);
    case 'selfie':
      return missing(signature, ['signed_document_key'], 'data_signature');
    default:
      return { 'data_signature.type': 'opt_in, zip or selfie' };
  }
}

/** The document must be one that was uploaded; where its hash is given too, it must be the right one. */
function documentProblems(
  object: JsonObject,
  field: string,
  at: string,
  uploads: Uploads | undefined,
): JsonObject {
  const key = object[field];
  if (!isText(key)) return { [at + field]: 'required' };
  if (uploads === undefined) return {};
  const md5 = uploads.md5Of(key);
  if (md5 === undefined) return { [at + field]: 'no such document' };
  const given = object['document_md5'];
  return given === undefined || given === md5 ? {} : { [`${at}document_md5`]: 'of another document' };
}

function missing(object: JsonObject, fields: readonly string[], at: string): JsonObject {
  return Object.fromEntries(
    fields.filter((field) => !isText(object[field])).map((field) => [`${at}.${field}`, 'required']),
  );
}
