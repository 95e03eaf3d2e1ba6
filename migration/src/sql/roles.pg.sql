-- Each step by itself: another database of the cluster may be taking the same one at this moment.
DO $$
DECLARE
    role_name text;
BEGIN
    FOREACH role_name IN ARRAY ARRAY['{serving}', '{keeper}'] LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
                EXECUTE format('CREATE ROLE %I %s', role_name, CASE role_name WHEN '{serving}' THEN 'LOGIN' ELSE 'NOLOGIN' END);
            END IF;
        EXCEPTION
            WHEN duplicate_object OR unique_violation THEN NULL;
        END;
    END LOOP;
    IF NOT pg_has_role(current_user, '{keeper}', 'MEMBER') THEN
        EXECUTE format('GRANT {keeper} TO %I', current_user);
    END IF;
EXCEPTION
    WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'the owner may not make roles; let a superuser run once: CREATE ROLE {serving} LOGIN; CREATE ROLE {keeper} NOLOGIN; GRANT {keeper} TO %', current_user;
END
$$;
GRANT USAGE ON SCHEMA public TO {serving}, {keeper};
CREATE EXTENSION IF NOT EXISTS btree_gin;
