DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{serving}') THEN
        EXECUTE 'CREATE ROLE {serving} LOGIN';
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{keeper}') THEN
        EXECUTE 'CREATE ROLE {keeper} NOLOGIN';
    END IF;
    IF NOT pg_has_role(current_user, '{keeper}', 'MEMBER') THEN
        EXECUTE format('GRANT {keeper} TO %I', current_user);
    END IF;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;
    WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'the owner may not make roles; let a superuser run once: CREATE ROLE {serving} LOGIN; CREATE ROLE {keeper} NOLOGIN; GRANT {keeper} TO %', current_user;
END
$$;
GRANT USAGE ON SCHEMA public TO {serving}, {keeper};
CREATE EXTENSION IF NOT EXISTS btree_gin;
