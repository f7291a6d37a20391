/* SPDX-License-Identifier: MIT */
/* What an untrusted worker can still do to the host: read files, and nothing else. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run/confine.h"

static bool fails(long rc)
{
	return rc < 0 && errno == EPERM;
}

static bool runs_a_program(void)
{
	execl("/bin/true", "true", (char *)NULL);
	return !fails(-1);
}

/* In the child, with the descriptor of a file that it may not write. */
static int try_everything(int fd)
{
	int failed = 0, n = 0;
	char byte;

#define TRY(good) ((good) ? (void)n++ : (void)(failed = failed ? failed : ++n))
	TRY(fails(open("/tmp/devsh-unit-confine", O_WRONLY | O_CREAT, 0600)));
	TRY(fails(open("/dev/null", O_RDWR)));
	TRY(fails(open("/dev/null", O_RDONLY | O_TRUNC)));
	TRY(fails(socket(AF_UNIX, SOCK_STREAM, 0)));
	TRY(fails(socket(AF_INET, SOCK_DGRAM, 0)));
	TRY(fails(fork()));
	TRY(!runs_a_program());
	TRY(fails(unlink("/tmp/devsh-unit-confine")));
	TRY(fails(rename("/tmp/a", "/tmp/b")));
	TRY(fails(mkdir("/tmp/devsh-unit-confine", 0700)));
	TRY(fails(chmod("/tmp", 0777)));
	TRY(fails(truncate("/tmp/devsh-unit-confine", 0)));
	TRY(fails(kill(getppid(), 0)));
	TRY(write(fd, "x", 1) < 0); /* RLIMIT_FSIZE: with SIGXFSZ ignored, EFBIG */
	/* what it lives on */
	fd = open("/proc/self/status", O_RDONLY);
	TRY(fd >= 0 && read(fd, &byte, 1) == 1 && !close(fd));
	TRY(mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
	TRY(mmap(NULL, 1ull << 40, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0) == MAP_FAILED);
	return failed;
}

static void an_untrusted_process_reads_and_nothing_else(void **state)
{
	char path[] = "/tmp/devsh-unit-XXXXXX";
	int fd = mkstemp(path), status;
	pid_t pid;

	assert_true(fd >= 0);
	pid = fork();
	if (!pid) {
		signal(SIGXFSZ, SIG_IGN);
		confine();
		_exit(confine_untrusted() ? 99 : try_everything(fd));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0); /* else the number of the try */
	assert_int_equal(lseek(fd, 0, SEEK_END), 0);
	close(fd);
	unlink(path);
}

static void cpu_time_ends(void **state)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		confine();
		confine_cpu(1);
		for (;;)
			;
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGXCPU);
}

/* AddressSanitizer has mapped more than an untrusted process may. */
#ifdef __SANITIZE_ADDRESS__
#define SANITIZED true
#else
#define SANITIZED false
#endif

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(cpu_time_ends),
		cmocka_unit_test(an_untrusted_process_reads_and_nothing_else),
	};
	static const struct CMUnitTest some[] = {
		cmocka_unit_test(cpu_time_ends),
	};

	if (SANITIZED || !confine_can_distrust())
		return cmocka_run_group_tests(some, NULL, NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
