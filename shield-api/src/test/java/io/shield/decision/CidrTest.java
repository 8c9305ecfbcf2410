package io.shield.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.error.InvalidValueException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {
  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.1",
    "192.0.2.1/32, 192.0.2.1",
    "192.0.2.7/24, 192.0.2.0",
    "192.0.2.0/24, 192.0.2.255",
    "192.0.2.128/25, 192.0.2.128",
    "192.0.2.128/25, 192.0.2.255",
    "10.0.0.0/8, 10.255.255.255",
    "172.16.0.0/12, 172.31.255.255",
    "10.1.2.4/31, 10.1.2.5",
    "0.0.0.0/0, 255.255.255.255",
    "0.0.0.0/1, 127.255.255.255",
    "::1, ::1",
    "::1, 0:0:0:0:0:0:0:1",
    "2001:db8::/32, 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
    "2001:DB8::1, 2001:db8::1",
    "2001:db8::/127, 2001:db8::1",
    "::/0, 2001:db8::1",
    "fe80::1, fe80::1%eth0",
    "fe80::/10, fe80::1%2",
    "192.0.2.0/24, ::ffff:192.0.2.9",
    "192.0.2.1, ::ffff:c000:201",
    "::ffff:192.0.2.1, 192.0.2.1",
    "::ffff:192.0.2.0/120, 192.0.2.9",
    "::ffff:0:0/96, 8.8.8.8",
    "192.0.2.0/24, 64:ff9b::c000:209",
    "192.0.2.1, 64:ff9b::c000:201",
    "64:ff9b::c000:200/120, 192.0.2.9",
    "[2001:db8::1], 2001:db8::1",
  })
  void holds(String block, String address) {
    assertThat(Cidr.parse("ips", block).contains(address)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.2",
    "192.0.2.1/32, 192.0.2.0",
    "192.0.2.0/24, 192.0.1.255",
    "192.0.2.0/24, 192.0.3.0",
    "192.0.2.128/25, 192.0.2.127",
    "10.0.0.0/8, 9.255.255.255",
    "10.0.0.0/8, 11.0.0.0",
    "172.16.0.0/12, 172.32.0.0",
    "172.16.0.0/12, 172.15.255.255",
    "0.0.0.0/1, 128.0.0.0",
    "10.1.2.4/31, 10.1.2.6",
    "2001:db8::/32, 2001:db9::",
    "2001:db8::/127, 2001:db8::2",
    "::1, ::2",
    "0.0.0.0/0, ::1",
    "0.0.0.0/0, 2001:db8::1",
    "::/0, 192.0.2.1",
    "::/0, ::ffff:192.0.2.1",
    "192.0.2.0/24, 2001:db8::192.0.2.1",
    "192.0.2.0/24, ::ffff:192.0.3.1",
    "0.0.0.0/0, ''",
    "0.0.0.0/0, localhost",
    "0.0.0.0/0, 1.2.3",
    "0.0.0.0/0, 1.2.3.4.5",
    "0.0.0.0/0, 1.2.3.256",
    "0.0.0.0/0, 1.2.3.4:80",
    "0.0.0.0/0, 1.2.3.4/32",
    "0.0.0.0/0, unknown",
    "::/0, ::g",
    "::/0, %eth0",
  })
  void doesNotHold(String block, String address) {
    assertThat(Cidr.parse("ips", block).contains(address)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "/",
        "/8",
        "x",
        "localhost",
        "example.org/8",
        "10",
        "10.0.0",
        "10.0.0.0.0",
        "10.0.0.256",
        "10.0.0.-1",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/+8",
        "10.0.0.0/8 ",
        " 10.0.0.0/8",
        "10.0.0.0/x",
        "10.0.0.0/8/8",
        "10.0.0.0/1000",
        "10.0.0.0/255.0.0.0",
        "10.0.0.0-10.0.0.9",
        "10.0.0.*",
        "2001:db8::/129",
        "2001:db8::1::2",
        "2001:db8:::1",
        ":1",
        "1:2:3:4:5:6:7:8:9",
        "::ffff:192.0.2.1/95",
        "::ffff:192.0.2.1/129",
        "::ffff:192.0.2.256",
        "10.0.0.1\n",
      })
  void refusesWhatIsNoBlock(String text) {
    assertThatThrownBy(() -> Cidr.parse("allowed_ips", text))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageStartingWith("allowed_ips: ")
        .hasMessageContaining("an IP address or a CIDR block such as 10.0.0.0/8");
  }
}
