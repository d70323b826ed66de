# Finds the Java that FyVault is built and run with. Sourced by mvnw and fyvault.

fyvault_java=25

# Prints the major version of the JDK in directory $1; nothing when there is none.
jdk_major() {
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 0
  local version=""
  if [ -r "$1/release" ]; then
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
  fi
  if [ -z "$version" ]; then
    version=$("$1/bin/java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1)
  fi
  printf '%s' "$version"
}

# Sets and exports JAVA_HOME: the one given if it is new enough, else the first that is in the usual places.
find_jdk() {
  local home major
  for home in "${JAVA_HOME:-}" \
    /usr/lib/jvm/* /usr/java/* /opt/* /opt/java/* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home; do
    [ -n "$home" ] || continue
    major=$(jdk_major "$home")
    if [ "${major:-0}" -ge "$fyvault_java" ]; then
      export JAVA_HOME=$home
      return 0
    fi
  done
  echo "No JDK $fyvault_java or later found (looked at JAVA_HOME, /usr/lib/jvm, /opt, ~/.sdkman, ~/.jdks)." >&2
  echo "Install one, for instance Eclipse Temurin $fyvault_java, and set JAVA_HOME if it is somewhere else." >&2
  return 1
}
