# Φ-Matrix. `make` or `make help` lists what there is.

SWIFT ?= swift
PORT ?= 8000
# Handed to `phi-matrix serve` by `make run`, to `phi-matrix bench` by `make bench`, to `phi-matrix verify` by `make verify`.
ARGS ?=
URL ?= http://127.0.0.1:$(PORT)
BACKUPS ?= backups

BUILD_PACKAGES := git pkg-config glslc libvulkan-dev libsdl2-dev libpng-dev libturbojpeg0-dev libfreetype-dev \
	libavcodec-dev libavformat-dev libavutil-dev libswresample-dev libasound2-dev libarchive-dev
RUN_PACKAGES := mesa-vulkan-drivers fonts-inter
# Swift's Foundation wants it where it is linked in.
RC_PACKAGES := libcurl4-openssl-dev
GALLERY_PACKAGES := imagemagick fontconfig
SCAN_PACKAGES := cppcheck shellcheck binutils gcc libc6-dev git
DEPLOY_PACKAGES := python3 openssl
# Unpacked beside what is built, not installed: installing them would start them.
PROBED_PACKAGES := nginx nginx-common prometheus
TEST_PACKAGES := vulkan-validationlayers xvfb imagemagick chromium chromium-driver frozen-bubble-data ffmpeg python3 python3-venv openssl \
	pulseaudio pulseaudio-utils

RELEASE := .build/release/phi-matrix
# A release candidate is built in a folder of its own, so that what is built for every day stays.
RC := .build/rc
RC_OUTPUT := out
# What make rc does, in this order; RC_SKIP="test validate" leaves steps out, and the end says which.
RC_STEPS := build test validate pack scan prove
RC_SKIP ?=
# No folder of the building machine is named in the program.
RC_FLAGS := --scratch-path $(RC) --static-swift-stdlib --disable-local-rpath -Xswiftc -file-prefix-map -Xswiftc $(CURDIR)=.
GALLERY := .build/gallery
# What is had from PyPI, pinned by version and hash.
TOOLS := .build/tools/bin/python
API_TOOLS := .build/api-tools/bin/python
PROBED := .build/debian
SCAN_ARGS ?=
# What builds and runs images: docker where a daemon answers, else podman.
ENGINE ?= $(shell docker info >/dev/null 2>&1 && echo docker || echo podman)
IMAGE ?= soundlab/phi-matrix
VERSION ?= $(shell sed -n 's/.*number = "\(.*\)".*/\1/p' Sources/phi-matrix/ProductVersion.swift)
# PACKED=1 takes the candidate that make rc packed into out/, in place of compiling in a container.
PACKED ?=
DOCKER_ARGS ?=
DEPLOY_ARGS ?=
SCAN = $(TOOLS) docker/release/security --runtime $(RUN_PACKAGES)

FORMATTED := Package.swift Sources Shaders Tests

# What runs on the release build, because frame rates matter there.
TIMED_TESTS := PageTests|CommandTests

.DEFAULT_GOAL := help
# Installing, building and testing follow each other.
.NOTPARALLEL:
.PHONY: help run test build bench verify gallery doctor format lint clean deps test-deps toolchain api-test \
	sbom security-scan security-updates docker-build release-test rc $(RC_STEPS:%=rc-%) smoke validate backup restore \
	deploy deploy-staging smoke-staging rollback

help: ## List the targets.
	@awk -F ':.*## ' '/^##@ / { printf "\n%s\n", substr($$0, 5) } /^[a-z-]+:.*## / { printf "  make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

##@ Run it

run: build ## Install what is missing, build, and serve; prints one URL. ARGS="--scene topology" is handed on.
	@exec $(RELEASE) serve --port $(PORT) $(ARGS)

doctor: build ## Tell what this machine has and what is missing.
	@$(RELEASE) doctor

##@ Build and test it

build: deps toolchain ## Build the release binary, .build/release/phi-matrix.
	@$(SWIFT) build --no-color-diagnostics -c release --product phi-matrix

test: test-deps build ## Install what is missing, build, and run every test; PHI_MATRIX_LONG_TESTS=1 runs longer, and prints figures.
	$(SWIFT) build --no-color-diagnostics --build-tests
	$(SWIFT) test --skip-build --disable-xctest --no-parallel --skip '$(TIMED_TESTS)'
	PHI_MATRIX_BINARY=$(CURDIR)/$(RELEASE) \
		$(SWIFT) test --skip-build --disable-xctest --no-parallel --filter '$(TIMED_TESTS)'

api-test: build $(API_TOOLS) ## Ask a server of its own for everything that /openapi.json describes, and compare the answers.
	@$(API_TOOLS) -m unittest discover -s Tests/API
	@$(API_TOOLS) docker/release/api --binary $(RELEASE) $(ARGS)

bench: build ## Measure frames a second and the times of the stages.
	@$(RELEASE) bench $(ARGS)

verify: build ## Draw the golden cases and compare them; ARGS="--case 'field-*'" is handed on.
	@$(call install,vulkan-validationlayers)
	@$(RELEASE) verify $(ARGS)

gallery: build ## Draw every scene with three presets at two moments, and a contact sheet of them.
	@$(call install,$(GALLERY_PACKAGES))
	@benchmarks/gallery.sh $(RELEASE) $(GALLERY)

format: toolchain ## Bring the sources into their format.
	@$(SWIFT) format format --in-place --parallel --recursive $(FORMATTED)

lint: toolchain ## Check the format of the sources.
	@$(SWIFT) format lint --strict --recursive $(FORMATTED)

clean: ## Remove everything that was built.
	@rm -rf .build

deps: ## Install the Debian packages that building and running need.
	@$(call install,$(BUILD_PACKAGES) $(RUN_PACKAGES))

test-deps: ## Install the Debian packages that the tests need as well.
	@$(call install,$(BUILD_PACKAGES) $(RUN_PACKAGES) $(TEST_PACKAGES))

##@ Release it

rc: ## Build, test and validate a release candidate from nothing, pack it into out/ and prove it; RC_SKIP="test" skips steps.
	@for step in $(filter-out $(RC_SKIP),$(RC_STEPS)); do echo "rc: $$step"; $(MAKE) --no-print-directory rc-$$step || exit 1; done
	@echo "rc: done: $(filter-out $(RC_SKIP),$(RC_STEPS))$(if $(RC_SKIP),; NOT done: $(RC_SKIP))"

rc-build: deps toolchain ## Build the release candidate from nothing, with every guard, in .build/rc.
	@$(call install,$(RC_PACKAGES))
	@rm -rf $(RC)
	@CC=$(CURDIR)/docker/release/guarded-clang $(SWIFT) build --no-color-diagnostics -c release --product phi-matrix $(RC_FLAGS)

rc-test: lint test api-test release-test ## Check the format and run every test.

rc-validate: ## Decide go or no-go on the candidate; out/validate.json.
	@$(RC)/release/phi-matrix validate $(ARGS)

rc-pack: $(TOOLS) ## Pack the candidate, its bill of materials and checksums into RC_OUTPUT, out/.
	@$(call install,binutils)
	@$(TOOLS) docker/release/pack --scratch $(RC) --output $(RC_OUTPUT) --runtime $(RUN_PACKAGES) $(PACK_ARGS)
	@$(TOOLS) docker/release/sbom/schema_check.py $(RC_OUTPUT)/*.spdx.json $(RC_OUTPUT)/*.cdx.json

rc-scan: $(TOOLS) ## Scan the packed candidate, with what only a release has to have.
	@$(call install,$(SCAN_PACKAGES))
	@$(SCAN) --binary $(RC)/stage/*/bin/phi-matrix --release --scratch $(RC) $(SCAN_ARGS)

rc-prove: $(TOOLS) ## Unpack the candidate elsewhere and use it there: version, doctor, presets, a picture.
	@$(TOOLS) docker/release/pack/prove.py $(RC_OUTPUT)

sbom: build $(TOOLS) ## Write the bill of materials, SPDX and CycloneDX, of the release binary into .build/sbom, and validate it.
	@rm -rf .build/sbom
	@python3 docker/release/sbom --scratch .build --output .build/sbom --runtime $(RUN_PACKAGES)
	@$(TOOLS) docker/release/sbom/schema_check.py .build/sbom/*.spdx.json .build/sbom/*.cdx.json

security-scan: build $(TOOLS) ## Look for vulnerabilities, secrets, unsafe code and missing guards; SCAN_ARGS=--complete fails on what cannot be checked.
	@$(call install,$(SCAN_PACKAGES))
	@$(SCAN) --binary $(RELEASE) $(SCAN_ARGS)

security-updates: build $(TOOLS) ## Install what Debian has mended of the packages that are linked.
	@packages=$$($(SCAN) --binary $(RELEASE) --updates) || exit 1; \
	if [ -z "$$packages" ]; then echo "Nothing to update."; exit 0; fi; \
	echo "Updating:" $$packages; \
	if [ "$$(id -u)" = 0 ]; then as_root=""; else as_root="sudo"; fi; \
	$$as_root apt-get update -qq && $$as_root env DEBIAN_FRONTEND=noninteractive \
		apt-get install -y -qq --no-install-recommends --only-upgrade -o DPkg::Lock::Timeout=120 $$packages >/dev/null

# Podman's own format of images knows no health checks.
docker-build: ## Build the image soundlab/phi-matrix:VERSION with Docker or Podman; PACKED=1 takes what make rc packed.
	@BUILDAH_FORMAT=docker $(ENGINE) build --file docker/Dockerfile --target $(if $(PACKED),packed,image) \
		--build-arg VERSION=$(VERSION) --build-arg COMMIT=$$(git rev-parse --short=12 HEAD) \
		--build-arg BUILD_DATE=$$(git log -1 --format=%cd --date=format-local:%Y-%m-%dT%H:%M:%SZ) \
		--tag $(IMAGE):$(VERSION) $(DOCKER_ARGS) .

release-test: $(TOOLS) $(PROBED) ## Run the tests of the release tools, of nginx.conf and of the alerts: each fault that they have to find is planted.
	@$(call install,$(SCAN_PACKAGES) $(DEPLOY_PACKAGES) systemd)
	@PATH="$(CURDIR)/$(PROBED)/usr/sbin:$(CURDIR)/$(PROBED)/usr/bin:$$PATH" $(TOOLS) -m unittest discover -s Tests/Release

##@ Operate it

deploy: ## Back up, deploy the image VERSION on this machine and prove it; it goes back by itself where the proof fails.
	@$(call install,$(DEPLOY_PACKAGES))
	@python3 docker/deploy up $(VERSION) --stage production --engine $(ENGINE) --image $(IMAGE) $(DEPLOY_ARGS)

deploy-staging: ## The same for staging, on a machine of its own.
	@$(call install,$(DEPLOY_PACKAGES))
	@python3 docker/deploy up $(VERSION) --stage staging --engine $(ENGINE) --image $(IMAGE) $(DEPLOY_ARGS)

smoke-staging: ## Wait until the server in staging is ready, and run the smoke tests in its container.
	@python3 docker/deploy smoke --stage staging --engine $(ENGINE) $(DEPLOY_ARGS)

rollback: ## Go back to the image :previous and prove it; 20 seconds.
	@python3 docker/deploy rollback --engine $(ENGINE) --image $(IMAGE) $(DEPLOY_ARGS)

smoke: build ## Check a running server; URL=http://HOST:PORT, by default the one of this machine.
	@$(RELEASE) smoke --url $(URL)

validate: build ## Decide go or no-go with a server of its own, a minute long; out/validate.json.
	@$(RELEASE) validate $(ARGS)

backup: build ## Back configuration, presets and sessions up into BACKUPS, and remove backups older than 30 days.
	@$(RELEASE) backup create --to $(BACKUPS) --keep 30d $(ARGS)

restore: build ## Put a backup in the place of what is there; FILE=backups/backup-….tar.gz.
	@test -n "$(FILE)" || { echo "Say which backup: make restore FILE=$(BACKUPS)/backup-….tar.gz" >&2; exit 64; }
	@$(RELEASE) backup restore $(ARGS) "$(FILE)"

$(TOOLS): docker/release/requirements.txt
	$(call pinned,.build/tools,$<)

# An environment of its own: what talks to a server needs many more packages.
$(API_TOOLS): docker/release/requirements-api.txt
	$(call pinned,.build/api-tools,$<)

# What apt knows may be old, or nothing.
$(PROBED):
	@rm -rf $@.part && mkdir -p $@.part
	@if [ "$$(id -u)" = 0 ]; then as_root=""; else as_root="sudo"; fi; cd $@.part && \
	{ apt-get download -qq $(PROBED_PACKAGES) 2>/dev/null || \
		{ $$as_root apt-get update -qq && apt-get download -qq $(PROBED_PACKAGES); }; } && \
	for package in *.deb; do dpkg-deb -x "$$package" . || exit 1; done && rm -f ./*.deb
	@rm -rf $@ && mv $@.part $@ && touch $@

toolchain:
	@command -v $(SWIFT) >/dev/null || { \
		echo "Swift is missing: install the toolchain 6.2 or later from https://www.swift.org/install/linux/debian/ and put its usr/bin on PATH." >&2; \
		exit 1; }

# Makes the environment $(1) of the packages that $(2) pins.
define pinned
	@$(call install,python3 python3-venv)
	@rm -rf $(1)
	@python3 -m venv $(1)
	@$(1)/bin/pip --disable-pip-version-check install -q --no-deps --require-hashes -r $(2)
	@touch $(1)/bin/python
endef

# Installs those of the packages that are not there yet. Nothing is asked and nothing is fetched when all are.
define install
	missing=""; \
	for package in $(1); do \
		dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q 'install ok installed' || missing="$$missing $$package"; \
	done; \
	if [ -n "$$missing" ]; then \
		if [ "$$(id -u)" = 0 ]; then as_root=""; \
		elif command -v sudo >/dev/null; then as_root="sudo"; \
		else \
			echo "Debian packages are missing, and installing them needs root or sudo. As root, run: apt-get install --no-install-recommends$$missing" >&2; \
			exit 1; \
		fi; \
		echo "Installing:$$missing"; \
		$$as_root apt-get update -qq && \
		$$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	fi
endef
