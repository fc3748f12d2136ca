CREATE TABLE tessera_tokens (
  owner text not null,
  id text not null,
  digest text not null unique,
  prefix text not null,
  created_at integer not null,
  counts_until integer,
  ended_at integer,
  record text not null,
  primary key (owner, id)
) strict;
CREATE INDEX tessera_tokens_by_creation on tessera_tokens (owner, prefix, created_at, id);
CREATE INDEX tessera_tokens_by_count on tessera_tokens (owner, prefix, counts_until) where counts_until is not null;
CREATE INDEX tessera_tokens_by_end on tessera_tokens (ended_at) where ended_at is not null;
CREATE TABLE tessera_requests (
  owner text not null,
  key text not null,
  prefix text not null,
  expires_at integer not null,
  kept text not null,
  primary key (owner, key)
) strict;
CREATE INDEX tessera_requests_by_expiry on tessera_requests (expires_at);
CREATE TABLE tessera_changes (
  n integer primary key, nonce text not null, digest text, owner text, lease_ms integer
) strict;
CREATE TABLE tessera_facts (name text primary key, value integer not null) strict;
CREATE TRIGGER tessera_changes_of_leases before insert on tessera_changes
when new.lease_ms is null and exists (select 1 from tessera_facts where name = 'lease_ms')
begin
  select raise(abort, 'another process lends leases, and this version of sqliteStore does not wait for them: upgrade it');
end;
insert into "tessera_tokens" (owner, id, digest, prefix, created_at, counts_until, ended_at, record) values ('acme', 'ce6da24c-625b-4fdc-94a1-da622317ee73', '06mc2ksOJDtc9zsYo_Fy-LbjJXDeTMybuAEU33GciyY', 'up_pat', 1796083201000, 9007199254740991, null, '{"preview":"up_pat_aRwH********Gljh","name":"plain","scopes":["jobs:read","jobs:write"],"lastUsedAt":1796083208000}');
insert into "tessera_tokens" (owner, id, digest, prefix, created_at, counts_until, ended_at, record) values ('acme', '62b9e26f-7d27-4b33-9636-9db4919c8911', 'n9qFcRvSC6uciIevucGoHmIALT8nC3q4yxt--mLTGY4', 'up_pat', 1796083202000, 10413792000000, 10413792000000, '{"preview":"up_pat_ny7A********ChjS","name":"full","scopes":["jobs:read","jobs:write"],"createdBy":"ada@example.com","attributes":{"team":"build"},"expiresAt":10413792000000,"networks":["10.0.0.0/8"],"fixedExpiry":true}');
insert into "tessera_tokens" (owner, id, digest, prefix, created_at, counts_until, ended_at, record) values ('acme', '4cbff974-21f3-4881-a066-007a91e6a35a', 'P25lbf61v2GABFDdvWSavhoI1zV_MLayA3SdANvEej8', 'up_pat', 1796083203000, 9007199254740991, null, '{"preview":"up_pat_6FiL********9uQr","name":"made","scopes":["jobs:read","jobs:write"],"issuedBy":"ce6da24c-625b-4fdc-94a1-da622317ee73","makers":["ce6da24c-625b-4fdc-94a1-da622317ee73"]}');
insert into "tessera_tokens" (owner, id, digest, prefix, created_at, counts_until, ended_at, record) values ('acme', '4cd023d4-067e-495b-b511-7d7bafb0e253', 'tpePjjYwFNnBXRFVytdkQmc3SyTdGQ7MArHDQwDGlOY', 'up_pat', 1796083204000, 1796086800000, 1796086800000, '{"preview":"up_pat_bftR********tEyi","name":"ends","scopes":["jobs:read","jobs:write"],"expiresAt":1796086800000,"fixedExpiry":true}');
insert into "tessera_tokens" (owner, id, digest, prefix, created_at, counts_until, ended_at, record) values ('acme', 'ce4a0376-c3f1-4ca4-9786-162ab48e20f4', 'coKNxuV76t88TMqcXIPb4lk6sbRoCe4iaidS-gndfLk', 'up_pat', 1796083205000, 9007199254740991, null, '{"preview":"up_pat_ma2Z********1JVC","name":"suspended","scopes":["jobs:read","jobs:write"],"suspendedAt":1796083205000}');
insert into "tessera_tokens" (owner, id, digest, prefix, created_at, counts_until, ended_at, record) values ('acme', '6b64465d-228b-44cf-b89a-52ea1f6e6671', 'XN_QEtY0cCNcReITbJWP43BulYUowBh0S4WVKvCrixY', 'up_pat', 1796083206000, null, 1796083206000, '{"preview":"up_pat_l06A********ZOaB","name":"revoked","scopes":["jobs:read","jobs:write"],"revokedAt":1796083206000,"revokedReason":"leaked"}');
insert into "tessera_tokens" (owner, id, digest, prefix, created_at, counts_until, ended_at, record) values ('acme', 'f81172a8-b46b-4863-ab63-dc8eccc9c6be', 'adfAD0S86XGF9UltJGCNZNjPhvmK82bOjwEkS_NoDR0', 'up_pat', 1796083207000, 9007199254740991, null, '{"preview":"up_pat_yKwq********jaEP","name":"edited","scopes":["jobs:read","jobs:write"]}');
insert into "tessera_tokens" (owner, id, digest, prefix, created_at, counts_until, ended_at, record) values ('acme', '92cbaee2-7fd6-4ad4-b10c-6d99eda69680', '7A4JNforH9UCTx-3hMC21yeCyEdS36A7vZ0HoZX6xtk', 'up_pat', 1796083208000, null, 1798675208000, '{"preview":"up_pat_Pu86********t3Ro","name":"rotated","scopes":["jobs:read","jobs:write"],"rotatedTo":"8ffbfb68-243a-4262-941f-c8c90ba4fe8f","overlapEndsAt":1798675208000,"sealedSuccessor":"v1.QfnI_Zled2XvZQPB182z7c_ppQsspsSvbHbalhN5Q86w6lxmCEO-XcVJoTEHkG7jCxPKhC9ldPkga56pYx-0C2pNn53P61v4CucwObf4-4Gnw_Kwj-Aq"}');
insert into "tessera_tokens" (owner, id, digest, prefix, created_at, counts_until, ended_at, record) values ('acme', '8ffbfb68-243a-4262-941f-c8c90ba4fe8f', 'GDaR_36Kk7f1MQ1MdkvszVbhCMIAOJwrbYtxKxfj8OA', 'up_pat', 1796083208000, 9007199254740991, null, '{"preview":"up_pat_JMLI********TUCe","name":"rotated","scopes":["jobs:read","jobs:write"],"rotatedFrom":"92cbaee2-7fd6-4ad4-b10c-6d99eda69680","overlapEndsAt":1798675208000,"pending":true,"line":"92cbaee2-7fd6-4ad4-b10c-6d99eda69680"}');
insert into "tessera_requests" (owner, key, prefix, expires_at, kept) values ('acme', 'up_pat:a-change', 'up_pat', 1796169603000, '{"key":"up_pat:a-change","fingerprint":"5_Oyz_IMzDEme52sIlggOTRptw9dV0rZTIz95GfnaTs","expiresAt":1796169603000,"limit":10000,"answer":{"record":{"id":"4cbff974-21f3-4881-a066-007a91e6a35a","owner":"acme","digest":"P25lbf61v2GABFDdvWSavhoI1zV_MLayA3SdANvEej8","prefix":"up_pat","preview":"up_pat_6FiL********9uQr","name":"made","scopes":["jobs:read","jobs:write"],"createdBy":null,"attributes":{},"createdAt":1796083203000,"updatedAt":1796083203000,"expiresAt":null,"lastUsedAt":null,"suspendedAt":null,"revokedAt":null,"revokedReason":null,"rotatedTo":null,"rotatedFrom":null,"overlapEndsAt":null,"pending":false,"sealedSuccessor":null,"networks":null,"issuedBy":"ce6da24c-625b-4fdc-94a1-da622317ee73","makers":["ce6da24c-625b-4fdc-94a1-da622317ee73"],"line":"4cbff974-21f3-4881-a066-007a91e6a35a","lineCreatedAt":1796083203000,"expiryCeiling":null,"fixedExpiry":false}}}');
insert into "tessera_changes" (n, nonce, digest, owner, lease_ms) values (0, '0a6fdfc9422da293c1ed1b5c', null, null, null);
insert into "tessera_changes" (n, nonce, digest, owner, lease_ms) values (1, 'r83nEA4ljFwL', 'coKNxuV76t88TMqcXIPb4lk6sbRoCe4iaidS-gndfLk', null, 0);
insert into "tessera_changes" (n, nonce, digest, owner, lease_ms) values (2, 'qrYEEdpzo2PK', 'XN_QEtY0cCNcReITbJWP43BulYUowBh0S4WVKvCrixY', null, 0);
insert into "tessera_changes" (n, nonce, digest, owner, lease_ms) values (3, 'esZz4c__iS6k', 'XN_QEtY0cCNcReITbJWP43BulYUowBh0S4WVKvCrixY', null, 0);
insert into "tessera_changes" (n, nonce, digest, owner, lease_ms) values (4, '_SIYiFRl795Q', 'adfAD0S86XGF9UltJGCNZNjPhvmK82bOjwEkS_NoDR0', null, 0);
insert into "tessera_changes" (n, nonce, digest, owner, lease_ms) values (5, 'fR2N3jzszfXd', '7A4JNforH9UCTx-3hMC21yeCyEdS36A7vZ0HoZX6xtk', null, 0);
insert into "tessera_facts" (name, value) values ('layout', 1);
